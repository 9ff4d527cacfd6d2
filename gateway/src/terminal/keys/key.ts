/** Keys that terminals have names for rather than characters. */
export type NamedKey =
  | 'enter'
  | 'tab'
  | 'backspace'
  | 'escape'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'delete';

/** One thing that a person did at the terminal. */
export type Key =
  /** Printable characters; several where they came together. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'named'; readonly name: NamedKey; readonly ctrl: boolean; readonly alt: boolean }
  /** Ctrl with a lower-case letter or one of `@[\]^_`. */
  | { readonly kind: 'control'; readonly character: string }
  /** Alt with a character, as typed: `d` and `D` are two keys. */
  | { readonly kind: 'alt'; readonly character: string }
  /** Pasted text, its line ends as `\n`. */
  | { readonly kind: 'paste'; readonly text: string }
  /** A paste of more than `MAX_PASTE_LENGTH`: none of it is kept, because half a command is another command. */
  | { readonly kind: 'pasteTooLong' };

/** A named key pressed without Ctrl and Alt, unless said otherwise. */
export function named(name: NamedKey, ctrl = false, alt = false): Key {
  return { kind: 'named', name, ctrl, alt };
}
