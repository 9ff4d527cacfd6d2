import * as z from 'zod';
import { PrincipalId, SessionId, TargetName } from './ids.ts';

const Size = z.int().min(1).max(65_535);

/** The first line of an asciicast v2 file. What is not named here is for players and is left out. */
export const Header = z.object({
  version: z.literal(2),
  /** Columns and rows of the terminal when the session began. */
  width: Size,
  height: Size,
  /** When it began: whole seconds since 1970. */
  timestamp: z.int().nonnegative().optional(),
  title: z.string().optional(),
  command: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  /** Ours; players leave it out: which terminal of which session this is, and whose. */
  sluice: z
    .object({ session: SessionId, terminal: z.int().positive(), principal: PrincipalId, target: TargetName })
    .optional(),
});
export type Header = z.infer<typeof Header>;

/** Every other line: seconds since the begin, what happened, and what with. */
export const EventLine = z.tuple([z.number().nonnegative(), z.string(), z.string()]);
export type EventLine = z.infer<typeof EventLine>;

/** What happened in a terminal, `atS` seconds after its session began. */
export type TerminalEvent =
  | { kind: 'output' | 'input' | 'marker'; atS: number; text: string }
  | { kind: 'resize'; atS: number; columns: number; rows: number }
  /** A code that this version of the format does not have; players pass over it. */
  | { kind: 'other'; atS: number; code: string; text: string };

/** Writes a header or an event as the line that it is, its end included. JSON has no line break within. */
export function lineOf(value: Header | EventLine): string {
  return `${JSON.stringify(value)}\n`;
}

/** The event that a line tells of; null for a resize without a size. */
export function eventOf([atS, code, text]: EventLine): TerminalEvent | null {
  switch (code) {
    case 'o':
      return { kind: 'output', atS, text };
    case 'i':
      return { kind: 'input', atS, text };
    case 'm':
      return { kind: 'marker', atS, text };
    case 'r': {
      const [, columns, rows] = /^(\d{1,5})x(\d{1,5})$/.exec(text)?.map(Number) ?? [];
      const isSize = Size.safeParse(columns).success && Size.safeParse(rows).success;
      return isSize && columns && rows ? { kind: 'resize', atS, columns, rows } : null;
    }
    default:
      return { kind: 'other', atS, code, text };
  }
}

/** Reads the first line, with or without its end; null when it is no header. */
export function readHeader(line: string): Header | null {
  const parsed = Header.safeParse(jsonOf(line));
  return parsed.success ? parsed.data : null;
}

/** Reads one line behind the header, with or without its end; null when it is no event. */
export function readEvent(line: string): TerminalEvent | null {
  const parsed = EventLine.safeParse(jsonOf(line));
  return parsed.success ? eventOf(parsed.data) : null;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
