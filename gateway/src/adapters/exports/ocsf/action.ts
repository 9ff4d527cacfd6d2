import { assertNever } from '../../../../contract/assert-never.ts';
import type { Decision } from '../../../../contract/decision.ts';
import type { SqlFacts, StatementKind } from '../../../../contract/facts.ts';
import type { FileUse, HostFacts, HostUse } from '../../../../contract/host-facts.ts';
import type { ActionRecord } from '../../../../contract/record.ts';
import {
  type Activity,
  CLASSES,
  endpointsIn,
  headOf,
  type JsonObject,
  type OcsfClass,
  OTHER_ACTIVITY_ID,
  sourceOf,
  userOf,
} from './event.ts';

export type Telling = { productVersion: string; includeStatement: boolean };

/** Longer texts are shortened, and the event says so: receivers take messages of a bounded size. */
const MAX_CHARACTERS = 32_768;

/** A recorded action, once it has ended. */
export function ocsfAction(seq: number, record: ActionRecord, telling: Telling): JsonObject {
  const { id, at, principal, principalName, sessionId, decision, outcome, question, facts } = record;
  const { of, activity, about } = kindOf(record, telling);
  const isDone = outcome?.status === 'done';
  const head = headOf({
    of,
    activity,
    uid: id,
    seq,
    at,
    severity: isDone ? 1 : 3,
    succeeded: outcome === null ? null : isDone,
    message: sentenceOf(record, telling),
    productVersion: telling.productVersion,
  });
  const endpoints = endpointsIn(of, {
    src_endpoint: sourceOf(question?.network ?? null),
    dst_endpoint: { name: record.target, svc_name: record.target },
  });
  return {
    ...head,
    ...controlOf(decision),
    status_detail: outcome?.status,
    ...(outcome === null ? {} : { duration: Math.round(outcome.durationMs) }),
    ...(outcome === null || outcome.sqlState === null ? {} : { status_code: outcome.sqlState }),
    actor: {
      user: userOf(principal, principalName, question?.principal.groups),
      session: { uid: sessionId },
    },
    ...endpoints.attributes,
    ...about,
    unmapped: {
      ...endpoints.unmapped,
      sluice: ownOf(record, telling),
      ...(facts?.protocol === 'ssh' ? { account: facts.account } : {}),
    },
  };
}

/** What a parser says of what it can't read quotes it, and so may what else was not understood. */
function sentenceOf({ decision, facts }: ActionRecord, { includeStatement }: Telling): string {
  const quotes = facts === null || facts.unknowns.length > 0;
  return quotes && !includeStatement ? NOT_UNDERSTOOD : shortened(decision.sentence);
}

const NOT_UNDERSTOOD = 'It was not understood in whole.';

type Kind = { of: OcsfClass; activity: Activity; about: JsonObject };

function kindOf(record: ActionRecord, telling: Telling): Kind {
  const { facts, surface } = record;
  if (facts?.protocol === 'sql') return datastoreKind(record, facts, telling);
  if (facts?.protocol === 'ssh') return hostKind(record, facts, telling);
  // What could not be read is told by the way it came.
  return surface === 'ssh' ? processKind(record, telling) : datastoreKind(record, null, telling);
}

function datastoreKind(record: ActionRecord, facts: SqlFacts | null, telling: Telling): Kind {
  const table = facts?.writes[0] ?? facts?.reads[0];
  return {
    of: CLASSES.datastoreActivity,
    activity: facts === null ? other('unparsed') : datastoreActivity(facts.kind),
    about: {
      type_id: 1,
      database: { name: record.target, type_id: 1 },
      ...(table === undefined
        ? {}
        : { table: { name: table.relation, uid: `${table.schema}.${table.relation}` } }),
      ...(telling.includeStatement
        ? { query_info: { uid: record.id, query_string: shortened(record.statement) } }
        : {}),
    },
  };
}

function datastoreActivity(kind: StatementKind): Activity {
  switch (kind) {
    case 'select':
    case 'fetch':
      return { id: 4, name: 'Query' };
    case 'copyTo':
      return { id: 1, name: 'Read' };
    case 'insert':
    case 'copyFrom':
      return { id: 5, name: 'Write' };
    case 'update':
    case 'merge':
      return { id: 2, name: 'Update' };
    case 'delete':
    case 'truncate':
      return { id: 7, name: 'Delete' };
    case 'create':
      return { id: 6, name: 'Create' };
    case 'show':
      return { id: 8, name: 'List' };
    default:
      return other(kind);
  }
}

function hostKind(record: ActionRecord, { uses }: HostFacts, telling: Telling): Kind {
  const [first] = uses;
  if (first !== undefined && uses.every(isFileUse)) return fileKind(record, uses.filter(isFileUse));
  if (first !== undefined && uses.every(isChannelUse)) {
    const name = `${first.kind}${first.kind === 'forward' || first.kind === 'remoteForward' ? ` ${first.host}:${first.port}` : ''}`;
    return { of: CLASSES.sshActivity, activity: { id: 1, name: 'Open' }, about: { app_name: name } };
  }
  return processKind(record, telling);
}

function isFileUse(use: HostUse): use is FileUse {
  return (
    use.kind === 'readFile' ||
    use.kind === 'writeFile' ||
    use.kind === 'listFiles' ||
    use.kind === 'changeFile'
  );
}

function isChannelUse({ kind }: HostUse): boolean {
  return kind === 'forward' || kind === 'remoteForward' || kind === 'terminal' || kind === 'agent';
}

const SERVER = 1;

function fileKind(record: ActionRecord, uses: FileUse[]): Kind {
  const use = uses.at(-1);
  const path = use?.path ?? '';
  const name = path.split('/').findLast((part) => part !== '') ?? '/';
  const type_id = use?.kind === 'listFiles' ? 2 : 0;
  return {
    of: CLASSES.fileSystemActivity,
    activity: use === undefined ? other('none') : fileActivity(use),
    about: {
      device: { hostname: record.target, type_id: SERVER },
      file: { name: shortened(name), path: shortened(path), type_id },
    },
  };
}

function fileActivity({ kind }: FileUse): Activity {
  switch (kind) {
    case 'readFile':
      return { id: 2, name: 'Read' };
    case 'writeFile':
    case 'changeFile':
      return { id: 3, name: 'Update' };
    case 'listFiles':
      return { id: 8, name: 'Get Attributes' };
    default:
      return assertNever(kind);
  }
}

function processKind(record: ActionRecord, { includeStatement }: Telling): Kind {
  const line = includeStatement ? { cmd_line: shortened(record.statement) } : {};
  return {
    of: CLASSES.processActivity,
    activity: { id: 1, name: 'Launch' },
    about: { device: { hostname: record.target, type_id: SERVER }, process: { uid: record.id, ...line } },
  };
}

function other(name: string): Activity {
  return { id: OTHER_ACTIVITY_ID, name };
}

function shortened(text: string): string {
  if (text.length <= MAX_CHARACTERS) return text;
  return `${text.slice(0, MAX_CHARACTERS).toWellFormed()} … (${text.length} characters)`;
}

/** What the policy said: the profile `security_control`. */
function controlOf({ outcome, rules, policyVersion, approval }: Decision): JsonObject {
  const isRun = outcome === 'allow' || outcome === 'mask' || approval !== undefined;
  const disposition = approval === undefined ? (isRun ? ALLOWED : BLOCKED) : APPROVED;
  return {
    action_id: isRun ? 1 : 2,
    action: isRun ? 'Allowed' : 'Denied',
    disposition_id: disposition.id,
    disposition: disposition.name,
    policy: { name: 'sluice', version: policyVersion, uid: policyVersion },
    authorizations: rules.map(({ id, outcome: said, owner, because }) => ({
      decision: said,
      policy: { uid: id, name: id, group: { name: owner }, desc: because },
    })),
  };
}

const ALLOWED = { id: 1, name: 'Allowed' };
const BLOCKED = { id: 2, name: 'Blocked' };
const APPROVED = { id: 8, name: 'Approved' };

/** Of very many the first: whoever writes a statement makes no event that a receiver never takes. */
const MAX_LISTED = 100;

/** What OCSF has no place for. */
function ownOf(
  { surface, target, decision, outcome, facts }: ActionRecord,
  { includeStatement }: Telling,
): JsonObject {
  return {
    surface,
    target,
    outcome: outcome?.status ?? null,
    decision: decision.outcome,
    next: decision.next,
    rows: outcome?.rows ?? null,
    bytes: outcome?.bytes ?? null,
    masks: decision.masks.slice(0, MAX_LISTED).map(({ column, mask, rule }) => ({
      column: `${column.schema}.${column.relation}.${column.column}`,
      method: mask.method,
      rule,
    })),
    ...(outcome?.detected === undefined ? {} : { detected: outcome.detected }),
    ...(decision.approval === undefined
      ? {}
      : {
          approval: {
            request: decision.approval.request,
            by: decision.approval.by.map(({ id }) => id),
            brokenGlass: decision.approval.brokenGlass,
          },
        }),
    ...(facts === null || !includeStatement
      ? {}
      : { unknowns: facts.unknowns.slice(0, MAX_LISTED).map(shortened) }),
  };
}
