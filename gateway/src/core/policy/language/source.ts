import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Problem } from './problem.ts';

export type Path = ReadonlyArray<PropertyKey>;

/** One YAML text with what is needed to point into it. */
export class Source {
  readonly file: string;
  readonly #document: Document.Parsed;
  readonly #lines = new LineCounter();

  constructor(file: string, text: string) {
    this.file = file;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, version: '1.2' });
  }

  /** YAML's own errors (duplicate keys among them); when there are any, `value` means nothing. */
  syntaxProblems(): Problem[] {
    const findings = [...this.#document.errors, ...this.#document.warnings];
    return findings.map((error) => this.#at(error.pos[0], `this is not valid YAML: ${error.message}`));
  }

  /** What the text says, or why that can't be told: aliases that stand for too much. */
  value(): { plain: unknown } | { problem: Problem } {
    try {
      return { plain: this.#document.toJS({ maxAliasCount: 100 }) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { problem: this.#at(0, `this can't be read: ${why}; write what the aliases stand for`) };
    }
  }

  /** A problem at the node that `path` leads to, or at the nearest one above it that exists. */
  problem(path: Path, what: string): Problem {
    for (let length = path.length; length > 0; length--) {
      const offset = this.#offsetOf(path.slice(0, length));
      if (offset !== undefined) return this.#at(offset, what);
    }
    return this.#at(this.#document.contents?.range?.[0] ?? 0, what);
  }

  /** A problem at a mapping's key rather than at its value. */
  keyProblem(path: Path, key: string, what: string): Problem {
    const map = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    if (!isMap(map)) return this.problem(path, what);
    const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    return isScalar(pair?.key) ? this.#at(pair.key.range?.[0] ?? 0, what) : this.problem(path, what);
  }

  #offsetOf(path: Path): number | undefined {
    const node = this.#document.getIn(path, true);
    return isNode(node) ? node.range?.[0] : undefined;
  }

  #at(offset: number, what: string): Problem {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1), what };
  }
}
