/**
 * A shell line as both readers give it. `W` is what a word may be: in strict mode a string with nothing left to
 * expand, in audit mode also what only the server's shell will know.
 */
export type Redirect<W> =
  | { readonly kind: 'file'; readonly descriptor: number; readonly mode: FileMode; readonly path: W }
  /** `2>&1`; `from: null` closes it: `2>&-`. */
  | { readonly kind: 'duplicate'; readonly descriptor: number; readonly from: number | null }
  /** A here-document or here-string: what the program reads, its last newline included. */
  | { readonly kind: 'text'; readonly descriptor: number; readonly text: string };

export type FileMode = 'read' | 'write' | 'append' | 'readWrite';

export type SimpleCommand<W = string> = {
  readonly kind: 'simple';
  readonly assignments: readonly { readonly name: string; readonly value: W }[];
  readonly words: readonly [W, ...W[]];
  readonly redirects: readonly Redirect<W>[];
};

/** What strict mode runs: the part of the shell language that expands, repeats and defines nothing. */
export type Command =
  | SimpleCommand
  | { readonly kind: 'subshell'; readonly body: List; readonly redirects: readonly Redirect<string>[] }
  | { readonly kind: 'group'; readonly body: List; readonly redirects: readonly Redirect<string>[] }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly condition: List; readonly body: List }[];
      readonly otherwise: List | null;
      readonly redirects: readonly Redirect<string>[];
    };

export type Pipeline = {
  readonly timed: 'no' | 'default' | 'posix';
  readonly negated: boolean;
  readonly commands: readonly Command[];
};

export type AndOr = {
  readonly pipelines: readonly { readonly after: '&&' | '||' | null; readonly pipeline: Pipeline }[];
  readonly background: boolean;
};

/** Empty for a line of blanks and comments. */
export type List = readonly AndOr[];
