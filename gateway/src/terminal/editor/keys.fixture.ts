import fc from 'fast-check';
import { type Key, named } from '../keys/key.ts';
import { bindings } from './bindings.ts';

/** Characters that terminals treat each in their own way. */
export const awkward: readonly string[] = [
  'é',
  'e\u0301',
  '漢',
  'ｗ',
  '한',
  '🙂',
  '👍🏽',
  '👨‍👩‍👧‍👦',
  '🇨🇭',
  '❤️',
  '1️⃣',
  'क्षि',
  '\u0301',
  '\u200d',
  '\u202e',
  '\u00ad',
  '\u{e0041}',
  '\x1b[31m',
  '\x07',
  '\x7f',
  '\t',
  '�',
];

const typed = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 }) },
  { weight: 3, arbitrary: fc.constantFrom(...awkward.filter((text) => !/\p{Cc}/u.test(text))) },
);

const pasted = fc.array(
  fc.oneof(fc.constantFrom(...awkward, '\n', ' '), fc.string({ unit: 'grapheme-ascii', maxLength: 8 })),
  { maxLength: 12 },
);

/** The key that a name in `bindings` stands for. */
export function keyNamed(name: string): Key {
  const [, ctrl, alt, rest = ''] = /^(C-)?(M-)?(.+)$/.exec(name) ?? [];
  if (rest.length > 1) {
    const key = named('enter', ctrl !== undefined, alt !== undefined);
    return { ...key, name: rest } as Key;
  }
  return ctrl === undefined ? { kind: 'alt', character: rest } : { kind: 'control', character: rest };
}

/** Any key: text more often than others. */
export const anyKey: fc.Arbitrary<Key> = fc.oneof(
  { weight: 8, arbitrary: typed.map((text): Key => ({ kind: 'text', text })) },
  { weight: 2, arbitrary: pasted.map((parts): Key => ({ kind: 'paste', text: parts.join('') })) },
  { weight: 6, arbitrary: fc.constantFrom(...bindings.keys()).map(keyNamed) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...['up', 'left', 'home', 'C-w', 'C-y', 'M-enter', 'C-r'].map(keyNamed)),
  },
  { weight: 1, arbitrary: fc.constantFrom<Key>(named('escape'), { kind: 'pasteTooLong' }) },
);
