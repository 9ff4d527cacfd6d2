import type { ExportStatus } from './exporter.ts';
import type { Destination } from './sink-of.ts';

/** What crosses between the gateway's thread and the exports'. */

export type ExportOrder = {
  name: string;
  destination: Destination;
  includeStatement: boolean;
  /** Up to here everything was taken. */
  cursor: number;
};

export type ExportWork = { exports: ExportOrder[]; database: string; productVersion: string };

export type ToExports = { type: 'kept'; id: number } | { type: 'notKept'; id: number } | { type: 'close' };

export type FromExports =
  | { type: 'keep'; id: number; name: string; cursor: number }
  | { type: 'status'; status: ExportStatus }
  | { type: 'tell'; line: string }
  /** Nothing is under way any more. */
  | { type: 'closed' };
