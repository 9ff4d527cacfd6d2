export const SPEEDS = [0.5, 1, 2, 4, 8, 16] as const;
export type Speed = (typeof SPEEDS)[number];

/** Nobody looks at an idle terminal for longer. */
export const IDLE_S = 2;

export type Pace = { readonly speed: Speed; readonly skipsIdle: boolean };

/**
 * Where playing has come after `elapsedMs`, from `atS` on. What happens next, at `nextS`, is waited for `IDLE_S` at
 * most where idle times are skipped.
 */
export function playedTo(atS: number, elapsedMs: number, nextS: number | null, pace: Pace): number {
  const toS = atS + (elapsedMs / 1000) * pace.speed;
  if (!pace.skipsIdle || nextS === null) return toS;
  return nextS - toS > IDLE_S ? nextS - IDLE_S : toS;
}

/** The next faster or slower one. */
export function otherSpeed(speed: Speed, by: 1 | -1): Speed {
  return SPEEDS[SPEEDS.indexOf(speed) + by] ?? speed;
}

/** `1:02:03`, or `2:03` within the first hour. */
export function timeText(seconds: number): string {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
