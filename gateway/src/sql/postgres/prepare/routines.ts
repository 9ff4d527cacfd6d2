import { trustedExtensions } from '../facts/allowed/extensions.ts';
import { quoted } from '../masks/type-name.ts';
import type { PolicyReach } from './policy-reach.ts';
import type { DatabaseState, Routine } from './state.ts';
import type { Roles } from './statements.ts';

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
 * Takes functions that nobody has reviewed from PUBLIC, and gives them to every role that there is but ours. A role
 * that is made later has to be given them.
 */
export function revokedFromPublic(
  state: DatabaseState,
  { least, owner }: Roles,
  reach: PolicyReach,
): string[] {
  const others = state.otherRoles.filter((name) => name !== least && name !== owner).map(quoted);
  return unreviewedRoutines(state, reach).flatMap(({ signature }) => [
    ...(others.length > 0 ? [`GRANT EXECUTE ON ROUTINE ${signature} TO ${others.join(', ')}`] : []),
    `REVOKE EXECUTE ON ROUTINE ${signature} FROM PUBLIC`,
  ]);
}
