import type { ApprovalRequest, Bounds } from '../../../../../gateway/contract/approval-request.ts';

export type Limits = { kind: 'right'; bounds: Bounds } | { kind: 'wrong'; why: string };

const MINUTE = 60;

/** The longest window that every rule which asks allows, in seconds; null when one of them, or the statement, does not. */
export function longestWindow({ asks, shape }: ApprovalRequest): number | null {
  if (shape === null) return null;
  const windows = asks.map(({ windowSeconds }) => windowSeconds);
  return windows.includes(null) ? null : Math.min(...windows.map((seconds) => seconds ?? 0));
}

/** Reads what stands in the two fields; an empty one sets no limit, or no window. */
export function readLimits(rows: string, minutes: string, longestSeconds: number | null): Limits {
  const maxRows = numberIn(rows);
  if (maxRows === undefined) return { kind: 'wrong', why: 'The number of rows is a whole number, or empty.' };
  const window = longestSeconds === null ? null : numberIn(minutes);
  if (window === undefined || window === 0) {
    return { kind: 'wrong', why: 'The minutes are a whole number from 1 on, or empty.' };
  }
  const windowSeconds = window === null ? null : window * MINUTE;
  if (windowSeconds !== null && longestSeconds !== null && windowSeconds > longestSeconds) {
    return { kind: 'wrong', why: 'The rules do not allow so many minutes.' };
  }
  return { kind: 'right', bounds: { maxRows, windowSeconds } };
}

/** A whole number; null for nothing, undefined for something else. */
function numberIn(text: string): number | null | undefined {
  const digits = text.replaceAll(/[\s,]/g, '');
  if (digits === '') return null;
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}
