import type { Decision } from '../../../../contract/decision.ts';
import type { AnalysedStatement } from '../../../sql/engine.ts';
import { BodyReader } from '../../../wire/postgres/bytes/body-reader.ts';
import { decodeResultFormats } from '../../../wire/postgres/messages/frontend/bind.ts';
import type { Parse } from '../../../wire/postgres/messages/frontend/parse.ts';
import { boundParameters, NO_PARAMETERS, type Parameters } from '../approval/parameters.ts';
import type { EnforcedSql } from '../context.ts';
import type { Described } from '../detected/detection.ts';
import type { Analysed } from './conversation.ts';
import type { World } from './governor.ts';

/** Whether a record tells that upstream was given a statement: preparing and binding evaluate constants, too. */
export type Trace = { recorded: boolean };

/** A statement that upstream was given to prepare, and the decision that it was prepared under. */
export type Prepared =
  | { kind: 'empty' }
  | {
      kind: 'statement';
      statement: AnalysedStatement;
      world: World;
      /** How its text was last analysed, and whether a rule asked approval for it; shared by its portals. */
      seen: { analysed: Analysed; asks: boolean };
      /** OIDs of its parameters as its Parse declared them. */
      types: readonly number[];
      enforced: EnforcedSql;
      decision: Decision;
      trace: Trace;
      /** Its result; in a portal with the formats that were bound. */
      described: Described;
    };
export type PreparedStatement = Extract<Prepared, { kind: 'statement' }>;

/** What was bound, with the trace of this binding beside the statement's own, and its Bind where a rule asks. */
export type StatementPortal = PreparedStatement & {
  bound: Trace;
  binding: Buffer | null;
  /** `Conversation.changes` as the server planned it; null once it was begun, for then it stays what it is. */
  plannedAt: number | null;
};
export type Portal = Exclude<Prepared, PreparedStatement> | StatementPortal;

/** Where the body of a frame begins: behind its type and its length. */
export const BODY_START = 5;

const TEXT_FORMAT = [0];

/** What is bound: the description is shared by all portals of a statement, and formats are each portal's own. */
export function withFormats<Kind extends Prepared>(prepared: Kind, frame: Buffer): Kind {
  if (prepared.kind === 'empty') return prepared;
  const resultFormats = decodeResultFormats(new BodyReader(frame, BODY_START));
  const formats = resultFormats.length === 0 ? TEXT_FORMAT : resultFormats;
  return { ...prepared, described: { result: prepared.described.result, formats } };
}

/** A copy with memory of its own: what waits for long would keep all of Node's pool that it is a part of. */
export function unpooled(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.byteLength);
  bytes.copy(copy);
  return copy;
}

/** Without its Bind at hand, what was bound isn't known, and nobody can agree to it: null. */
export function parametersOf(
  { binding, types }: StatementPortal,
  statement: AnalysedStatement,
): Parameters | null {
  if (binding !== null) return boundParameters(binding, types);
  return statement.parameters === 0 ? NO_PARAMETERS : null;
}

/**
 * A domain's checks run when a parameter of it is bound, and no name of it stands in the statement. Types of the
 * database's own are left for the server to infer, from what was looked at.
 */
export function inferring(message: Parse, { catalogue }: World): Parse {
  if (message.parameterTypes.every((oid) => catalogue.readsPlainly(oid))) return message;
  const parameterTypes = message.parameterTypes.map((oid) => (catalogue.readsPlainly(oid) ? oid : 0));
  return { ...message, parameterTypes };
}
