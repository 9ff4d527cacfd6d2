import type { Colour } from '../model/screen-rows.ts';

const NAMES = ['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White'];
const STEPS = [0, 95, 135, 175, 215, 255];

/** A colour of the screen in CSS: the first sixteen as the theme has them; null for the screen's own. */
export function colourOf(colour: Colour): string | null {
  if (colour === null) return null;
  const { kind, value } = colour;
  if (kind === 'rgb') return `#${value.toString(16).padStart(6, '0')}`;
  if (value < 16) return `var(--vscode-terminal-ansi${value < 8 ? '' : 'Bright'}${NAMES[value % 8]})`;
  if (value >= 232) return grey(8 + 10 * (value - 232));
  const index = value - 16;
  const [red, green, blue] = [
    STEPS[Math.floor(index / 36)],
    STEPS[Math.floor(index / 6) % 6],
    STEPS[index % 6],
  ];
  return `rgb(${red}, ${green}, ${blue})`;
}

function grey(level: number): string {
  return `rgb(${level}, ${level}, ${level})`;
}
