/** Pastes come between `ESC [ 200 ~` and `ESC [ 201 ~` (xterm, private mode 2004). */
export const BRACKETED_PASTE_ON = '\x1b[?2004h';
export const BRACKETED_PASTE_OFF = '\x1b[?2004l';

/** Arrows as `ESC [ A` rather than `ESC O A` (DECCKM off): a program may have left it on. */
export const CURSOR_KEYS_NORMAL = '\x1b[?1l';
/** The keypad sends digits (DECKPNM). */
export const KEYPAD_NUMERIC = '\x1b>';
/** Writing goes on in the next row at the right margin (DECAWM): the screen counts on it. */
export const WRAP_ON = '\x1b[?7h';
/** A program that was killed may have hidden the cursor (DECTCEM). */
export const CURSOR_SHOWN = '\x1b[?25h';
/** Characters are written over, not pushed right (IRM off). */
export const INSERT_OFF = '\x1b[4l';
/** No reports of the mouse (1000, 1002, 1003, 1006) and of focus (1004), which would come as keys. */
export const REPORTS_OFF = '\x1b[?1000;1002;1003;1004;1006l';
/** Letters, not line drawing: ASCII as G0, and G0 in use. */
export const LETTERS = '\x1b(B\x0f';
/** Colours and attributes off. */
export const PLAIN = '\x1b[m';

/** Back from the screen that full-screen programs draw on, wherever the cursor stands then (47, not 1049). */
export const ALTERNATE_SCREEN_OFF = '\x1b[?47l';

/** What the editor switches on when a line begins, whatever the last program left behind. */
export const ENTER_EDITING = [
  PLAIN,
  LETTERS,
  REPORTS_OFF,
  INSERT_OFF,
  WRAP_ON,
  CURSOR_KEYS_NORMAL,
  KEYPAD_NUMERIC,
  CURSOR_SHOWN,
  BRACKETED_PASTE_ON,
].join('');

/** What it switches off before a program has the terminal. */
export const LEAVE_EDITING = BRACKETED_PASTE_OFF;
