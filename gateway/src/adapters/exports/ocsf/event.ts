import { isIP } from 'node:net';

/** The version of the schema (schema.ocsf.io) whose classes and numbers these are. */
export const OCSF_VERSION = '1.7.0';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json | undefined };
export type JsonObject = { [name: string]: Json | undefined };

/** A class by its number and name, with the number of its category. */
export type OcsfClass = { uid: number; name: string; category: number };
export const CLASSES = {
  fileSystemActivity: { uid: 1001, name: 'File System Activity', category: 1 },
  processActivity: { uid: 1007, name: 'Process Activity', category: 1 },
  authentication: { uid: 3002, name: 'Authentication', category: 3 },
  entityManagement: { uid: 3004, name: 'Entity Management', category: 3 },
  sshActivity: { uid: 4007, name: 'SSH Activity', category: 4 },
  applicationLifecycle: { uid: 6002, name: 'Application Lifecycle', category: 6 },
  apiActivity: { uid: 6003, name: 'API Activity', category: 6 },
  datastoreActivity: { uid: 6005, name: 'Datastore Activity', category: 6 },
} as const satisfies Record<string, OcsfClass>;

export type Activity = { id: number; name: string };
export const OTHER_ACTIVITY_ID = 99;

/** 1 Informational, 3 Medium: something was refused, or not as it should be. */
export type Severity = 1 | 3;

/** What an event says of itself, whatever its class. */
export type Head = {
  of: OcsfClass;
  activity: Activity;
  uid: string;
  seq: number;
  at: string;
  severity: Severity;
  succeeded: boolean | null;
  message: string;
  productVersion: string;
};

export function headOf(head: Head): JsonObject {
  const { of, activity, uid, seq, at, severity, succeeded, message, productVersion } = head;
  return {
    activity_id: activity.id,
    activity_name: activity.name,
    category_uid: of.category,
    class_uid: of.uid,
    class_name: of.name,
    type_uid: of.uid * 100 + activity.id,
    time: Date.parse(at),
    severity_id: severity,
    ...(succeeded === null
      ? {}
      : { status_id: succeeded ? 1 : 2, status: succeeded ? 'Success' : 'Failure' }),
    message,
    metadata: {
      version: OCSF_VERSION,
      uid,
      sequence: seq,
      original_time: at,
      log_name: 'sluice',
      profiles: ['security_control'],
      product: { name: 'Sluice', vendor_name: 'Sluice', version: productVersion },
    },
  };
}

const USER_TYPES = { person: 1, service: 4, agent: 99 } as const;

/** A principal, whose id begins with its kind: `person:ana@shop.example`. */
export function userOf(id: string, name: string, groups?: readonly string[]): JsonObject {
  const [kind = '', rest = ''] = id.split(/:(.*)/s);
  const type_id = Object.entries(USER_TYPES).find(([known]) => known === kind)?.[1] ?? 0;
  return {
    uid: id,
    name,
    type_id,
    ...(kind === 'person' && rest.includes('@') ? { email_addr: rest } : {}),
    ...(groups === undefined ? {} : { groups: groups.map((group) => ({ name: group })) }),
  };
}

/** Classes in which the schema has no place for endpoints. */
const WITHOUT_ENDPOINTS: ReadonlySet<number> = new Set([
  CLASSES.fileSystemActivity.uid,
  CLASSES.processActivity.uid,
  CLASSES.applicationLifecycle.uid,
]);

/** `endpoints` as attributes of an event where its class has them, and else as what is unmapped in it. */
export function endpointsIn(
  of: OcsfClass,
  endpoints: JsonObject,
): { attributes: JsonObject; unmapped: JsonObject } {
  return WITHOUT_ENDPOINTS.has(of.uid)
    ? { attributes: {}, unmapped: endpoints }
    : { attributes: endpoints, unmapped: {} };
}

/** Where a session came from: the client's address, or "editor". */
export function sourceOf(network: string | null): JsonObject {
  if (network === null) return { name: 'unknown' };
  return isIP(network) === 0 ? { name: network } : { ip: network };
}
