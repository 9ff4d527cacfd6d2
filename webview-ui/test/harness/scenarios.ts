import { anAsk, aRequest, aVote } from '../../../extension/contract/request.fixture.ts';
import {
  type Failure,
  type ResultSet,
  ResultSetId,
  type ResultsState,
  type Run,
  RunId,
  type StatementRun,
} from '../../../extension/contract/results-state.ts';
import type { ApprovalRequest } from '../../../gateway/contract/approval-request.ts';
import { RuleId, TargetName } from '../../../gateway/contract/ids.ts';
import type { ResultColumn } from '../../../gateway/contract/query-channel.ts';
import type { DetectReason, MaskReason } from '../../../gateway/contract/verdict.ts';
import { CUSTOMER_COLUMNS, customerValue, TYPE_COLUMNS, TYPE_ROWS } from './sample-rows.ts';

/** The rows behind a result set: a value by row and column, made when it's asked for. */
export type Rows = { readonly count: number; readonly value: (row: number, column: number) => string | null };
export type Scenario = { readonly state: ResultsState; readonly rows: ReadonlyMap<string, Rows> };

const TARGET = TargetName.parse('shop-production');
const DOCUMENT = { uri: 'file:///shop/shop.sql', name: 'shop.sql' };

export function maskedBy(column: string, mask: MaskReason['mask']): MaskReason {
  return {
    rule: RuleId.parse('mask-personal-data'),
    owner: 'data-protection@shop.example',
    because: 'Personal data of customers is shown to the support team only.',
    mask,
    sources: [{ schema: 'public', relation: 'customers', column }],
    path: `public.customers.${column}, through view public.rich_orders`,
  };
}

export function lookingForCards(): DetectReason {
  return {
    rule: RuleId.parse('no-cards-in-notes'),
    owner: 'security@shop.example',
    because: 'Cards stand where they should not.',
    detect: ['cards'],
    replace: 'label',
    marks: ['[card]'],
  };
}

const customers = (count: number): Rows => ({ count, value: customerValue });

/** Every state of the screen that the tests open, by name. */
export const scenarios: Readonly<Record<string, () => Scenario>> = {
  million: () => withSets([resultSet('million', CUSTOMER_COLUMNS, customers(1_000_000))]),
  small: () => withSets([resultSet('small', CUSTOMER_COLUMNS, customers(200))]),
  types: () => withSets([resultSet('types', TYPE_COLUMNS, typeRows())]),
  wide: () =>
    withSets([
      resultSet('wide', wideColumns(1000), { count: 5000, value: (row, column) => `${row}.${column}` }),
    ]),
  'no-rows': () => withSets([resultSet('none', CUSTOMER_COLUMNS, customers(0))]),
  growing: () => {
    const scenario = withSets([resultSet('growing', CUSTOMER_COLUMNS, customers(12_400))]);
    const runs = scenario.state.runs.map((run) => ({
      ...run,
      status: 'running' as const,
      resultSets: run.resultSets.map((set) => ({ ...set, complete: false })),
    }));
    return { ...scenario, state: { ...scenario.state, runs } };
  },
  several: () => {
    const scenario = withSets([
      resultSet('first', CUSTOMER_COLUMNS, customers(500)),
      resultSet('second', TYPE_COLUMNS, typeRows()),
    ]);
    const earlier = run('earlier', { resultSets: [resultSet('old', CUSTOMER_COLUMNS, customers(3)).set] });
    const rows = new Map([...scenario.rows, ['old', customers(3)]]);
    return { state: { ...scenario.state, runs: [...scenario.state.runs, earlier] }, rows };
  },
  blocked: () => withFailure('failed', blockedFailure()),
  approval: () =>
    withFailure('failed', {
      ...blockedFailure(),
      kind: 'needsApproval',
      message: 'Deleting from orders in production needs the approval of one person of dba.',
      next: 'Ask for approval; the statement can be run again once it is granted.',
      approvers: 'dba or on-call',
      rules: [
        {
          id: RuleId.parse('deletes-need-dba'),
          outcome: 'approve',
          owner: 'dba@shop.example',
          because: 'A second pair of eyes looks at every delete in production.',
        },
      ],
    }),
  held: () => withRequest(heldRequest()),
  'held-answered': () =>
    withRequest(
      heldRequest({
        reason: 'Names were swapped.',
        ticket: 'SHOP-17',
        votes: [aVote('Eve Lund', 'approve')],
        remarks: [{ by: DANA, at: '2026-03-02T10:01:00.000Z', text: 'Are all three theirs?' }],
        proposal: {
          by: DANA,
          at: '2026-03-02T10:02:00.000Z',
          statement: "update customers set name = 'x' where id = 2",
          reason: 'One at a time.',
          effect: null,
          groups: ['dba'],
        },
      }),
    ),
  denied: () =>
    withRequest(heldRequest({ status: 'denied', votes: [aVote('Dana Berg', 'deny', 'Too wide.')] }), {
      ...blockedFailure(),
      kind: 'notApproved',
      message: 'Denied by Dana Berg: Too wide.',
      next: 'Change the statement, or talk to them.',
    }),
  failed: () =>
    withFailure('failed', {
      ...blockedFailure(),
      kind: 'failed',
      message: 'column "nmae" does not exist',
      next: '',
      rules: [],
      sqlState: '42703',
      hint: 'Perhaps you meant to reference the column "customers.name".',
      position: 7,
    }),
  messages: () => ({
    rows: new Map(),
    state: ready([
      run('messages', {
        statements: [
          statement(0, 'begin', { tag: 'BEGIN', elapsedMs: 1 }),
          statement(1, "update orders set status = 'paid' where id = 7", { tag: 'UPDATE 1', elapsedMs: 12 }),
          statement(2, 'vacuum analyze orders', {
            failure: {
              ...blockedFailure(),
              kind: 'failed',
              message: 'VACUUM cannot run inside a transaction block',
              rules: [],
              next: '',
              sqlState: '25001',
            },
          }),
        ],
        notices: [
          {
            severity: 'NOTICE',
            message: 'relation "orders_2026" already exists, skipping',
            detail: '',
            hint: '',
          },
          {
            severity: 'WARNING',
            message: 'there is already a transaction in progress',
            detail: '',
            hint: 'COMMIT or ROLLBACK first.',
          },
        ],
        transaction: 'inTransaction',
        status: 'failed',
      }),
    ]),
  }),
  'signed-out': () => ({ rows: new Map(), state: { document: DOCUMENT, readiness: 'signedOut', runs: [] } }),
  'nothing-run': () => ({ rows: new Map(), state: ready([]) }),
};

function ready(runs: Run[]): ResultsState {
  return { document: DOCUMENT, readiness: 'ready', runs };
}

function withSets(sets: readonly { set: ResultSet; rows: Rows }[]): Scenario {
  return {
    state: ready([run('now', { resultSets: sets.map(({ set }, index) => ({ ...set, statement: index })) })]),
    rows: new Map(sets.map(({ set, rows }) => [set.id, rows])),
  };
}

function withFailure(status: Run['status'], failure: Failure): Scenario {
  const text = failure.kind === 'failed' ? 'select nmae from customers' : 'delete from orders';
  return {
    rows: new Map(),
    state: ready([run('refused', { status, statements: [statement(0, text, { failure })] })]),
  };
}

const DANA = { id: 'person:dana', name: 'Dana Berg (database administrator)' };

function heldRequest(change: Record<string, unknown> = {}): ApprovalRequest {
  const lapsesAt = new Date(Date.now() + 12 * 60_000).toISOString();
  return aRequest({ lapsesAt, asks: [anAsk({ quorum: 2, breakGlass: ['developers'] })], ...change });
}

function withRequest(request: ApprovalRequest, failure: Failure | null = null): Scenario {
  const text = request.wanted.kind === 'statement' ? request.wanted.statement : '';
  const acts = request.status === 'pending' ? OWN_ACTS : [];
  const status = failure === null ? 'running' : 'failed';
  const held = statement(0, text, { request, acts, failure, decision: request.decision });
  return { rows: new Map(), state: ready([run('held', { status, statements: [held] })]) };
}

const OWN_ACTS: StatementRun['acts'] = ['remark', 'explain', 'withdraw', 'breakGlass'];

function run(id: string, parts: Partial<Run>): Run {
  return {
    id: RunId.parse(id),
    target: TARGET,
    status: 'done',
    startedAt: '2026-03-02T10:03:22.000Z',
    elapsedMs: 1240,
    statements: [statement(0, 'select * from customers', { tag: 'SELECT', elapsedMs: 1240 })],
    resultSets: [],
    notices: [],
    transaction: 'idle',
    ...parts,
  };
}

function statement(index: number, text: string, parts: Partial<StatementRun>): StatementRun {
  return {
    index,
    text,
    line: index,
    decision: null,
    request: null,
    acts: [],
    tag: null,
    failure: null,
    elapsedMs: null,
    ...parts,
  };
}

function resultSet(id: string, columns: ResultColumn[], rows: Rows): { set: ResultSet; rows: Rows } {
  const set: ResultSet = {
    id: ResultSetId.parse(id),
    statement: 0,
    columns,
    rowCount: rows.count,
    complete: true,
    limitedToRows: null,
    arrangement: { version: 0, order: [], filters: [], rowCount: rows.count },
  };
  return { set, rows };
}

function typeRows(): Rows {
  return { count: TYPE_ROWS.length, value: (row, column) => TYPE_ROWS[row]?.[column] ?? null };
}

function wideColumns(count: number): ResultColumn[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `measure_${index}`,
    typeOid: 1700,
    typeName: 'numeric',
    masked: null,
  }));
}

function blockedFailure(): Failure {
  return {
    kind: 'blocked',
    message: 'Deleting every row of orders is not allowed in production.',
    next: 'Add a WHERE clause, or ask the owner of the rule for an exception.',
    rules: [
      {
        id: RuleId.parse('no-delete-without-where'),
        outcome: 'block',
        owner: 'platform@shop.example',
        because: 'A DELETE without WHERE has emptied this table once already.',
      },
      {
        id: RuleId.parse('developers-may-write'),
        outcome: 'allow',
        owner: 'platform@shop.example',
        because: 'Developers maintain orders.',
      },
    ],
    approvers: '',
    sqlState: '',
    detail: '',
    hint: '',
    position: null,
  };
}
