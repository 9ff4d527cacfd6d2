import { type Key, type NamedKey, named } from './key.ts';

const byFinal: Readonly<Record<string, NamedKey>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
};

/** `ESC [ n ~` of VT220, xterm, the Linux console, tmux and rxvt. */
const byNumber: Readonly<Record<string, NamedKey>> = {
  '1': 'home',
  '3': 'delete',
  '4': 'end',
  '7': 'home',
  '8': 'end',
};

/** Keys of a numeric keypad in application mode, by the final byte of `ESC O x`. */
const keypad: Readonly<Record<string, string>> = {
  X: '=',
  j: '*',
  k: '+',
  l: ',',
  m: '-',
  n: '.',
  o: '/',
  ...Object.fromEntries([...'0123456789'].map((digit, index) => [String.fromCharCode(0x70 + index), digit])),
};

/** rxvt writes arrows with Shift as `ESC [ a` and with Ctrl as `ESC O a`. */
const rxvtArrows: Readonly<Record<string, NamedKey>> = { a: 'up', b: 'down', c: 'right', d: 'left' };

/**
 * The key of `ESC [ parameters final`; null for those that mean nothing to a line editor.
 * `alt`: an ESC stood before it, as rxvt and the terminal of macOS write Alt.
 */
export function controlSequence(parameters: string, final: string, alt: boolean): Key | null {
  const [number = '', modifier = ''] = parameters.split(';');
  const pressed = modifiers(modifier);
  const name = nameOf(number, final);
  if (name === undefined) return null;
  return named(name, pressed.ctrl || final === '^' || final === '@', pressed.alt || alt);
}

function nameOf(number: string, final: string): NamedKey | undefined {
  if ('~^$@'.includes(final)) return byNumber[number];
  // A parameter other than 1 makes it something else: `ESC [ 5 F` is no key.
  if (number !== '' && number !== '1') return undefined;
  return byFinal[final] ?? rxvtArrows[final];
}

/** xterm: 1 and the sum of Shift 1, Alt 2, Ctrl 4, Meta 8. */
function modifiers(parameter: string): { ctrl: boolean; alt: boolean } {
  const bits = /^\d{1,2}$/.test(parameter) ? Number(parameter) - 1 : 0;
  return { ctrl: (bits & 4) !== 0, alt: (bits & 10) !== 0 };
}

/** The key of `ESC O final`, `parameter` being the modifier that old terminals put between; null as above. */
export function singleShift(parameter: string, final: string, alt: boolean): Key | null {
  const pressed = modifiers(parameter);
  const arrow = rxvtArrows[final];
  if (arrow !== undefined) return named(arrow, true, alt);
  const name = byFinal[final];
  if (name !== undefined) return named(name, pressed.ctrl, pressed.alt || alt);
  if (final === 'M') return named('enter');
  const character = keypad[final];
  return character === undefined ? null : { kind: 'text', text: character };
}
