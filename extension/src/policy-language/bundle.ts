/** Entry of dist/extension/policy-language.cjs, loaded when somebody first works on a policy: it brings `yaml`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Asked, completionsAt, type Suggestions, targetsNeeded } from './complete.ts';
import { type Described, describedAt } from './describe.ts';
import { DraftWordBook } from './draft-words.ts';
import type { KnownNames } from './names.ts';
import { type OfflineProblem, offlineProblems } from './offline-problems.ts';
import { endsOfProblems } from './place.ts';
import type { PolicyFileKind } from './policy-files.ts';
import type { Schema } from './schema.ts';

const FILES: Record<PolicyFileKind, string> = {
  policy: 'policy.schema.json',
  tests: 'expectations.schema.json',
};

/** A document longer than this is judged by the gateway alone. */
const MAX_LENGTH = 500_000;

/** The language of policies by its published schemas. `folder` has them. */
export class PolicyLanguage {
  readonly #folder: string;
  readonly #schemas = new Map<PolicyFileKind, Schema>();
  readonly #words = new DraftWordBook();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What may be written at an offset; `texts` are all of the draft. */
  complete(
    asked: Pick<Asked, 'kind' | 'text' | 'offset' | 'names'>,
    texts: readonly string[],
  ): Suggestions | null {
    if (asked.text.length > MAX_LENGTH) return null;
    return completionsAt({ ...asked, schema: this.#schema(asked.kind), words: this.#words.of(texts) });
  }

  /** Targets whose catalogues a completion would need. */
  needs(kind: PolicyFileKind, text: string, offset: number, names: KnownNames): string[] {
    return text.length > MAX_LENGTH ? [] : targetsNeeded({ kind, text, offset, names });
  }

  describe(kind: PolicyFileKind, text: string, offset: number): Described | null {
    return text.length > MAX_LENGTH ? null : describedAt(kind, text, offset, this.#schema(kind));
  }

  problems(kind: PolicyFileKind, text: string): OfflineProblem[] {
    return text.length > MAX_LENGTH ? [] : offlineProblems(text, this.#schema(kind));
  }

  /** Where problems end that begin at these offsets. */
  endsOf(text: string, offsets: readonly number[]): number[] {
    return text.length > MAX_LENGTH ? offsets.map((offset) => offset + 1) : endsOfProblems(text, offsets);
  }

  #schema(kind: PolicyFileKind): Schema {
    const known = this.#schemas.get(kind);
    if (known !== undefined) return known;
    // Our own file, published with this version.
    const schema = JSON.parse(readFileSync(join(this.#folder, FILES[kind]), 'utf8')) as Schema;
    this.#schemas.set(kind, schema);
    return schema;
  }
}
