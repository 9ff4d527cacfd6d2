import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, Parser, type Tree } from 'web-tree-sitter';

/** No line that a person typed takes as long; a hostile one may (`<<<<…`). */
const MAX_PARSE_MS = 500;

/** The whole grammar of Bash, loaded once. */
export type BashGrammar = {
  /** The tree of `line`, errors in it; null when it takes too long. To be deleted by the caller. */
  readonly parse: (line: string) => Tree | null;
};

export type GrammarParts = {
  /** The WebAssembly of the parser and of the grammar, as bytes; by default those of the installed packages, or beside the bundle. */
  readonly runtime?: Uint8Array;
  readonly grammar?: Uint8Array;
  readonly nowMs?: () => number;
};

/** Loads the grammar: about 20 ms. */
export async function loadBashGrammar(parts: GrammarParts = {}): Promise<BashGrammar> {
  const nowMs = parts.nowMs ?? (() => performance.now());
  await Parser.init({ wasmBinary: parts.runtime ?? installed('web-tree-sitter/web-tree-sitter.wasm') });
  const language = await Language.load(parts.grammar ?? installed('tree-sitter-bash/tree-sitter-bash.wasm'));
  const parser = new Parser();
  parser.setLanguage(language);
  return {
    parse: (line) => {
      const begin = nowMs();
      parser.reset();
      return parser.parse(line, null, { progressCallback: () => nowMs() - begin > MAX_PARSE_MS });
    },
  };
}

/** A bundle finds the files beside itself. */
function installed(file: string): Uint8Array {
  const isSource = import.meta.url.endsWith('.ts');
  return readFileSync(
    isSource
      ? createRequire(import.meta.url).resolve(file)
      : new URL(file.slice(file.indexOf('/') + 1), import.meta.url),
  );
}
