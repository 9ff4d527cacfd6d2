import { parse } from 'libpg-query';
import { z } from 'zod';
import type { ColumnMask } from '../../../../contract/decision.ts';
import type { RelationRef, StatementKind } from '../../../../contract/facts.ts';
import type { CatalogueVersion } from '../../../../contract/ids.ts';
import type {
  AnalysedStatement,
  AnalyseRequest,
  Analysis,
  Rewrite,
  SessionEffect,
  SqlEngine,
} from '../../../sql/engine.ts';
import type { Snapshot } from '../../../sql/postgres/catalogue/snapshot.ts';

const Parsed = z.object({
  stmts: z
    .array(
      z.object({
        stmt: z.record(z.string(), z.unknown()),
        stmt_location: z.int().default(0),
        stmt_len: z.int().optional(),
      }),
    )
    .default([]),
});

const KINDS: ReadonlyMap<string, [StatementKind, SessionEffect]> = new Map([
  ['SelectStmt', ['select', 'none']],
  ['InsertStmt', ['insert', 'none']],
  ['UpdateStmt', ['update', 'none']],
  ['DeleteStmt', ['delete', 'none']],
  ['CopyStmt', ['copyTo', 'none']],
  ['CreateStmt', ['create', 'catalogue']],
  ['DropStmt', ['drop', 'catalogue']],
  ['TransactionStmt', ['transaction', 'transactionEnd']],
  ['VariableSetStmt', ['set', 'sessionState']],
  ['VariableShowStmt', ['show', 'none']],
  ['PrepareStmt', ['prepare', 'sessionState']],
  ['ExecuteStmt', ['execute', 'none']],
  ['DeallocateStmt', ['deallocate', 'sessionState']],
  ['DeclareCursorStmt', ['declareCursor', 'sessionState']],
  ['FetchStmt', ['fetch', 'none']],
  ['ClosePortalStmt', ['closeCursor', 'sessionState']],
  ['ListenStmt', ['listen', 'none']],
  ['NotifyStmt', ['notify', 'none']],
  ['DoStmt', ['do', 'sessionState']],
]);

/**
 * A tiny engine for testing sessions by themselves: the real grammar cuts statements, relations are found by
 * name, and masks go into a subquery in place of `customers`. `blind` leaves the masks out, so that the second
 * witness has something to find.
 */
export class PlainEngine implements SqlEngine {
  blind = false;
  readonly #snapshots = new Map<CatalogueVersion, Snapshot>();

  async selectList(): Promise<null> {
    return null;
  }

  async outline(): Promise<null> {
    return null;
  }

  async learn(_target: string, version: CatalogueVersion, snapshot: unknown): Promise<void> {
    // It comes from `loadCatalogue`, which has decoded it.
    this.#snapshots.set(version, snapshot as Snapshot);
  }

  async analyse(request: AnalyseRequest): Promise<Analysis> {
    try {
      const { stmts } = Parsed.parse(await parse(request.text));
      const bytes = Buffer.from(request.text);
      return {
        kind: 'analysed',
        statements: stmts.map(({ stmt, stmt_location: at, stmt_len: length }) => {
          const raw = bytes.toString('utf8', at, length === undefined ? undefined : at + length);
          const text = raw.trim().replace(/;$/, '');
          const before = bytes.toString('utf8', 0, at).length + raw.indexOf(text);
          return this.#statement(stmt, text, before, request.catalogue);
        }),
      };
    } catch (error) {
      return {
        kind: 'unparsed',
        message: error instanceof Error ? error.message : 'unparsed',
        position: null,
      };
    }
  }

  async rewrite(request: AnalyseRequest, _index: number, masks: readonly ColumnMask[]): Promise<Rewrite> {
    if (this.blind) return { kind: 'rewritten', text: request.text };
    const columns = (this.#snapshots.get(request.catalogue)?.relations ?? [])
      .find(({ name }) => name === 'customers')
      ?.columns.map(({ name }) =>
        masks.some(({ column }) => column.column === name)
          ? `'***' || substring(${name} from '@.*') AS ${name}`
          : name,
      );
    const masking = `(SELECT ${columns?.join(', ')} FROM customers) customers`;
    return { kind: 'rewritten', text: request.text.replaceAll(/\bcustomers\b/g, masking) };
  }

  async close(): Promise<void> {}

  #statement(
    stmt: Record<string, unknown>,
    text: string,
    start: number,
    catalogue: CatalogueVersion,
  ): AnalysedStatement {
    const [node = 'empty'] = Object.keys(stmt);
    let [kind, effect] = KINDS.get(node) ?? (['other', 'none'] as const);
    if (kind === 'copyTo' && /\bfrom\s+stdin\b/i.test(text)) kind = 'copyFrom';
    if (/^\s*(begin|savepoint|release|start)/i.test(text)) effect = 'none';
    const found = (this.#snapshots.get(catalogue)?.relations ?? []).filter(
      ({ name, schema }) => schema === 'public' && new RegExp(`\\b${name}\\b`).test(text),
    );
    const relations: RelationRef[] = found.map(({ name, schema }) => ({ schema, relation: name }));
    const touched = found.flatMap(({ name, schema, columns }) =>
      columns.map((column) => ({ schema, relation: name, column: column.name })),
    );
    const reading = kind === 'select' || kind === 'copyTo';
    return {
      start,
      end: start + text.length,
      text,
      facts: {
        protocol: 'sql',
        kind,
        node,
        readOnly: reading || kind === 'set' || kind === 'transaction',
        hasWhere: /\bwhere\b/i.test(text),
        reads: reading ? relations : [],
        writes: reading ? [] : relations.map((relation) => ({ ...relation, by: kind, everyRow: false })),
        disclosed: [],
        conditions: [],
        functions: [],
        settings: [],
        unknowns: [],
      },
      touched,
      through: [],
      outputs: null,
      copyTo: null,
      parameters: 0,
      naming: null,
      concludes: /^\s*(commit|end)\b/i.test(text),
      effect,
      shaped: false,
    };
  }
}
