import type { AuditEvent, AuditFact } from '../../../../contract/audit-event.ts';
import type { RecordId } from '../../../../contract/ids.ts';
import type { Telling } from './action.ts';
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

/** Something that happened and is no action on a target. */
export function ocsfEvent(seq: number, { id, at, by, fact }: AuditEvent, telling: Telling): JsonObject {
  const { of, activity, about, succeeded = true } = kindOf(fact);
  const who = by === null ? null : userOf(by.id, by.name);
  const head = headOf({
    of,
    activity,
    uid: id,
    seq,
    at,
    severity: succeeded ? 1 : 3,
    succeeded,
    message: sentenceOf(fact),
    productVersion: telling.productVersion,
  });
  const endpoints = endpointsIn(of, { src_endpoint: sourceOf('network' in fact ? fact.network : null) });
  return {
    ...head,
    actor: who === null ? { app_name: 'sluice' } : { user: who },
    // Whoever was refused is nobody yet.
    ...(fact.kind === 'signIn' ? { user: who ?? { name: 'unknown', type_id: 0 } } : {}),
    ...endpoints.attributes,
    ...about,
    unmapped: { sluice: ownOf(fact), ...endpoints.unmapped },
  };
}

/** An entry that this gateway can't read, so that nobody misses it. */
export function ocsfUnreadable(
  seq: number,
  record: RecordId,
  at: string,
  { productVersion }: Telling,
): JsonObject {
  const operation = 'unreadable';
  const head = headOf({
    of: CLASSES.apiActivity,
    activity: { id: OTHER_ACTIVITY_ID, name: operation },
    uid: record,
    seq,
    at,
    severity: 3,
    succeeded: false,
    message: `Record ${record} is not as this gateway writes records. The log has it.`,
    productVersion,
  });
  return {
    ...head,
    actor: { app_name: 'sluice' },
    src_endpoint: sourceOf(null),
    api: { operation, service: { name: 'sluice' } },
  };
}

type Kind = { of: OcsfClass; activity: Activity; about: JsonObject; succeeded?: boolean };

const APP = { name: 'Sluice', vendor_name: 'Sluice' };

function kindOf(fact: AuditFact): Kind {
  switch (fact.kind) {
    case 'gatewayStarted':
      return { of: CLASSES.applicationLifecycle, activity: { id: 3, name: 'Start' }, about: { app: APP } };
    case 'gatewayStopped':
      return { of: CLASSES.applicationLifecycle, activity: { id: 4, name: 'Stop' }, about: { app: APP } };
    case 'signIn':
      return {
        of: CLASSES.authentication,
        activity: { id: 1, name: 'Logon' },
        about: { service: { name: 'sluice' }, is_remote: true, status_detail: fact.why },
        succeeded: fact.accepted,
      };
    case 'sessionOpened': {
      const about = { dst_endpoint: { name: fact.target, svc_name: fact.target } };
      if (fact.account !== null) return { of: CLASSES.sshActivity, activity: { id: 1, name: 'Open' }, about };
      const database = { database: { name: fact.target, type_id: 1 } };
      return {
        of: CLASSES.datastoreActivity,
        activity: { id: 3, name: 'Connect' },
        about: { ...about, ...database },
      };
    }
    case 'policy':
      return {
        of: CLASSES.entityManagement,
        activity: { id: 3, name: 'Update' },
        about: { entity: { type: 'policy', uid: fact.version, name: 'sluice' }, comment: fact.reason },
      };
    default:
      return {
        of: CLASSES.apiActivity,
        activity: { id: OTHER_ACTIVITY_ID, name: fact.kind },
        about: { api: { operation: fact.kind, service: { name: 'sluice' } } },
      };
  }
}

function sentenceOf(fact: AuditFact): string {
  if (fact.kind === 'request') return `Request ${fact.request.id} is ${fact.request.status}.`;
  if (fact.kind === 'signIn') return `${fact.accepted ? 'Signed in' : 'Sign-in refused'}: ${fact.why}`;
  if (fact.kind === 'adminAct') return fact.act;
  return fact.kind;
}

/** Of a request nothing that was asked for, which can hold values: the action that follows is told with it. */
function ownOf(fact: AuditFact): JsonObject {
  if (fact.kind !== 'request') return JSON.parse(JSON.stringify(fact));
  const { id, status, requester, actsFor, surface, session, target, votes } = fact.request;
  const told = {
    id,
    status,
    requester: requester.id,
    actsFor: actsFor?.id ?? null,
    surface,
    session,
    target,
  };
  return {
    kind: fact.kind,
    request: {
      ...told,
      votes: votes.map(({ by, at, verdict, reason }) => ({ by: by.id, at, verdict, reason })),
    },
  };
}
