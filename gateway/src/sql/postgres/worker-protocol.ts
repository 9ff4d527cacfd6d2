import type { ColumnMask, RowFilter } from '../../../contract/decision.ts';
import type { ColumnLookup } from '../../../contract/facts.ts';
import type { AnalyseRequest, Analysis, Outline, Rewrite, SelectList } from '../engine.ts';
import type { Snapshot } from './catalogue/snapshot.ts';

/** Main thread to worker. */
export type WorkerRequest =
  /** Of the same target all versions but those `beside` it may be forgotten. */
  | { id: number; ask: 'learn'; target: string; version: string; snapshot: Snapshot; beside: string[] }
  | { id: number; ask: 'analyse'; request: AnalyseRequest }
  | { id: number; ask: 'selectList'; request: AnalyseRequest }
  | { id: number; ask: 'outline'; request: AnalyseRequest }
  | {
      id: number;
      ask: 'rewrite';
      request: AnalyseRequest;
      index: number;
      masks: readonly ColumnMask[];
      rows: readonly RowFilter[];
      lookups: readonly ColumnLookup[];
    };

export type WorkerReply =
  | { kind: 'learned' }
  | { kind: 'analysis'; analysis: Analysis }
  | { kind: 'selectList'; list: SelectList | null }
  | { kind: 'outline'; outline: Outline | null }
  | { kind: 'rewrite'; rewrite: Rewrite };

/** Worker to main thread. */
export type WorkerMessage = { id: number; reply: WorkerReply };
