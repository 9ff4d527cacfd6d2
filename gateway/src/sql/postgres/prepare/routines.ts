import { trustedExtensions } from '../facts/allowed/extensions.ts';
import { quoted } from '../masks/type-name.ts';
import type { PolicyReach } from './policy-reach.ts';
import type { RelationPlan } from './relation-plan.ts';
import type { DatabaseState, Routine } from './state.ts';
import { qualified, type Roles } from './statements.ts';

const isReviewed = ({ schema, name }: Routine, { reviewedFunctions }: PolicyReach) =>
  reviewedFunctions.has(`${schema}.${name}`);

/** Functions that the role may run though nobody has read them. Functions of triggers are run by triggers alone. */
export function unreviewedRoutines(state: DatabaseState, reach: PolicyReach): Routine[] {
  return state.routines.filter(
    (routine) =>
      routine.toPublic &&
      !routine.forTriggers &&
      !isReviewed(routine, reach) &&
      !trustedExtensions.has(routine.extension ?? ''),
  );
}

/** The least role runs the functions that the policy declares reviewed, whoever else may. */
export function reviewedGrants(state: DatabaseState, { least }: Roles, reach: PolicyReach): string[] {
  const reviewed = state.routines.filter((routine) => isReviewed(routine, reach) && !routine.forTriggers);
  const schemas = [...new Set(reviewed.map(({ schema }) => schema))];
  return [
    ...schemas.map((schema) => `GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${quoted(least)}`),
    ...reviewed.map(({ signature }) => `GRANT EXECUTE ON ROUTINE ${signature} TO ${quoted(least)}`),
  ];
}

/**
 * Takes functions that nobody has reviewed, and relations with masked columns, from PUBLIC, and gives them to every
 * role that there is but ours. A role that is made later has to be given them.
 */
export function revokedFromPublic(
  state: DatabaseState,
  { least, owner }: Roles,
  reach: PolicyReach,
  plans: readonly RelationPlan[],
): string[] {
  const others = state.otherRoles.filter((name) => name !== least && name !== owner).map(quoted);
  const taken = (privilege: string, from: string) => [
    ...(others.length > 0 ? [`GRANT ${privilege} ON ${from} TO ${others.join(', ')}`] : []),
    `REVOKE ${privilege} ON ${from} FROM PUBLIC`,
  ];
  const closed = plans.filter(
    ({ relation, variants, withheld }) =>
      state.relations.get(relation.oid)?.toPublic === true && (variants.size > 0 || withheld !== null),
  );
  return [
    ...closed.flatMap(({ relation }) => taken('SELECT', `TABLE ${qualified(relation)}`)),
    ...unreviewedRoutines(state, reach).flatMap(({ signature }) => taken('EXECUTE', `ROUTINE ${signature}`)),
  ];
}
