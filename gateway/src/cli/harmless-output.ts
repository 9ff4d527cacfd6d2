/**
 * What somebody else's programs show, for the terminal of who looks on: text, colours and movements pass. What would
 * make that terminal answer, report keys and the mouse, fill its clipboard or rename its window does not: an answer
 * would be typed into the shell of who looked on (ECMA-48 sections 5.4 to 5.6; xterm's "Control Sequences").
 */
export class HarmlessOutput {
  #rest = '';

  /** In pieces that are cut anywhere: a sequence that isn't whole yet waits for its end. */
  of(text: string): string {
    const whole = this.#rest + text;
    const open = UNFINISHED.exec(whole)?.index ?? whole.length;
    const end = whole.length - open > MAX_SEQUENCE ? whole.length : open;
    this.#rest = whole.slice(end);
    return whole.slice(0, end).replace(SEQUENCE, (sequence) => (isHarmless(sequence) ? sequence : ''));
  }
}

/**
 * Text with its controls, but for tabs and line breaks, as JSON writes them, and what turns the direction of writing: who
 * made a statement or a file writes no terminal's screen. JSON stays the same JSON: it leaves DEL and C1 controls as they
 * are, and a terminal obeys them (ECMA-48 section 5.3).
 */
export function harmlessText(text: string): string {
  return text.replace(
    /(?![\t\n]|\r\n)[\p{Cc}\p{Bidi_Control}]/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Back to the ordinary screen, with its cursor, colours and letters. */
export const LEAVE_PLAYED = '\x1b[?47l\x1b[?25h\x1b[?7h\x1b[4l\x1b[r\x1b(B\x0f\x1b[m\r\n';

/** No program means to show a string that long. */
const MAX_SEQUENCE = 65_536;

const ESC = '\x1b';
const BEL = '\x07';
/** Ends whatever was begun (ECMA-48 section 8.3.6), as its successor and the end of a string in C1 do. */
const CANCELS = '\\x18\\x1a\\x9c';
/** Device control, operating system command and the like, up to their end. */
const STRING_BEGIN = `${ESC}[\\]PX^_][^${BEL}${ESC}${CANCELS}]*`;
const CONTROL_BEGIN = `${ESC}\\[[0-?]*[ -/]*`;
const ESCAPE_BEGIN = `${ESC}[ -/]*`;
/** But for BS, HT, LF and CR. C1 controls are none that UTF-8 terminals need. */
const SINGLE = '[\\0-\\x07\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]';

const SEQUENCE = new RegExp(
  `${STRING_BEGIN}(?:${BEL}|${ESC}\\\\)?|${CONTROL_BEGIN}[@-~]?|${ESCAPE_BEGIN}[0-~]?|${SINGLE}`,
  'g',
);
const UNFINISHED = new RegExp(`(?:${STRING_BEGIN}${ESC}?|${CONTROL_BEGIN}|${ESCAPE_BEGIN})$`);

/** Movements, erasing, scrolling, tabs, colours, margins. */
const CONTROL = new RegExp(`^${ESC}\\[[\\d;:]*[A-MPSTXZ\`a-bd-gmrsu@]$`);
/** Modes that change what is shown and nothing else: inserting; wrapping, the cursor, the other screen. */
const MODE = new RegExp(
  `^${ESC}\\[(?:4|\\?(?:[5-7]|12|25|47|104[789]|2026)(?:;(?:[5-7]|12|25|47|104[789]))*)[hl]$`,
);
const CURSOR_SHAPE = new RegExp(`^${ESC}\\[\\d? q$`);
/** Character sets, saving the cursor, moving by lines, starting over. */
const ESCAPE = new RegExp(`^${ESC}(?:[()][0AB]|[78DEHMc])$`);
/** To line drawing and back. */
const SHIFTS: readonly string[] = ['\x0e', '\x0f'];

function isHarmless(sequence: string): boolean {
  if (SHIFTS.includes(sequence)) return true;
  return [CONTROL, MODE, CURSOR_SHAPE, ESCAPE].some((pattern) => pattern.test(sequence));
}
