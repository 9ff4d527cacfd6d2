import { eastAsianWidth } from 'get-east-asian-width';

/** What is drawn in one place: some columns wide, never none. */
export type Glyph = {
  readonly text: string;
  /** Columns. */
  readonly width: number;
  /** Terminals disagree on its width; `width` is the largest that any takes. */
  readonly unsure: boolean;
  /** It stands for a character that cannot be seen: `^M`, `<U+202E>`. */
  readonly standsFor: boolean;
};

/** Characters in a cluster; those of more are drawn one by one. */
const MAX_CHARACTERS = 8;

const unseen = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
const mark = /^\p{M}$/u;
const markOfNoWidth = /^[\p{Mn}\p{Me}]$/u;
const ofNoWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const emojiOfTwo = /^[\p{Emoji_Presentation}\p{Extended_Pictographic}\p{Regional_Indicator}]$/u;
const shownAsEmoji = /^[\p{Emoji_Presentation}\p{Regional_Indicator}]$/u;
const jamo = /^[\u1160-\u11ff\ud7b0-\ud7ff]$/;
/** Sequences that Unicode recommends: nothing can be hidden in them. */
// biome-ignore lint/complexity/useRegexLiterals: the compiler's target does not know the flag yet.
const knownEmoji = new RegExp('^\\p{RGI_Emoji}$', 'v');

/** What is drawn for a grapheme cluster; nothing in it reaches the terminal that would steer it or that hides. */
export function glyphsOf(cluster: string): readonly Glyph[] {
  const code = cluster.charCodeAt(0);
  if (cluster.length === 1 && code >= 0x20 && code < 0x7f) return [plain(cluster, 1)];
  const characters = [...cluster];
  const known = characters.length > 1 && knownEmoji.test(cluster);
  if (known) return [unsureOf(cluster, Math.max(2, sumOf(characters)))];
  if (unseen.test(cluster) || characters.length > MAX_CHARACTERS || mark.test(characters[0] ?? '')) {
    return characters.flatMap(drawnAlone);
  }
  return [together(cluster, characters)];
}

function drawnAlone(character: string): readonly Glyph[] {
  if (unseen.test(character) || mark.test(character)) return spelled(character);
  return [together(character, [character])];
}

function together(cluster: string, characters: readonly string[]): Glyph {
  const [first = '', ...rest] = characters;
  const sure = !shownAsEmoji.test(first) && !jamo.test(first) && rest.every((one) => markOfNoWidth.test(one));
  return sure ? plain(cluster, columnsOf(first)) : unsureOf(cluster, sumOf(characters));
}

/** The widest that terminals draw it: each character for itself. */
function sumOf(characters: readonly string[]): number {
  return characters.reduce((sum, one) => sum + (emojiOfTwo.test(one) ? 2 : columnsOf(one)), 0);
}

function columnsOf(character: string): number {
  if (ofNoWidth.test(character)) return 0;
  return eastAsianWidth(character.codePointAt(0) ?? 0);
}

/** Each as a glyph of its own, so that a row may end within. */
function spelled(character: string): readonly Glyph[] {
  return [...nameOf(character)].map((text) => ({ text, width: 1, unsure: false, standsFor: true }));
}

/** A control character with a caret, anything else by its number: `^M`, `<U+202E>`. */
function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `^${String.fromCharCode(code ^ 0x40)}`;
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** A glyph of which a terminal might draw more than fits, spelled. */
export function spelledOut(glyph: Glyph): readonly Glyph[] {
  return [...glyph.text].flatMap(spelled);
}

function plain(text: string, width: number): Glyph {
  return { text, width: Math.max(1, width), unsure: false, standsFor: false };
}

function unsureOf(text: string, width: number): Glyph {
  return { text, width: Math.max(1, width), unsure: true, standsFor: false };
}
