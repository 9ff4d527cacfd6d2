import { type Key, named } from './key.ts';

const namedControls: Readonly<Record<string, Key>> = {
  '\t': named('tab'),
  '\r': named('enter'),
  '\n': named('enter'),
  '\b': named('backspace'),
  '\x7f': named('backspace'),
};

/** Whether a character is one of C0, DEL or C1. */
export function isControl(character: string): boolean {
  const code = character.charCodeAt(0);
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/** The key of a control character other than ESC; null for C1, which no keyboard sends in UTF-8. */
export function controlKey(character: string): Key | null {
  const code = character.charCodeAt(0);
  const key = namedControls[character];
  if (key !== undefined) return key;
  if (code >= 0x20) return null;
  return { kind: 'control', character: String.fromCharCode(code + 0x40).toLowerCase() };
}

/** The key of ESC and a character, by which terminals write Alt; null for what has no meaning. */
export function altKey(character: string): Key | null {
  const key = isControl(character) ? controlKey(character) : ({ kind: 'alt', character } as const);
  return key?.kind === 'named' ? named(key.name, key.ctrl, true) : key;
}
