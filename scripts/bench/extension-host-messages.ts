/** Between the bench and the process that stands for the extension host. Times are Unix milliseconds. */
export type ToHost = { type: 'run'; sql: string } | { type: 'stop' };
export type FromHost =
  | { type: 'started' }
  /** The first screen of rows has been handed to the grid. */
  | { type: 'first' }
  | { type: 'kept'; startedAtMs: number; firstAtMs: number; keptAtMs: number; rows: number };
