import { Catalogue, type Relation } from '../catalogue/catalogue.ts';
import type { RunQuery } from '../catalogue/load.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { Findings } from '../facts/findings.ts';
import { Names } from '../facts/names.ts';
import { quoted } from '../masks/type-name.ts';
import { ready } from '../parse/parser.ts';
import { MASKING_SCHEMA, targetRoles } from './names.ts';
import type { PolicyReach } from './policy-reach.ts';
import { PossibleMasks } from './possible-masks.ts';
import { planRelation, type RelationPlan } from './relation-plan.ts';
import { reviewedGrants, revokedFromPublic } from './routines.ts';
import { type DatabaseState, loadState } from './state.ts';
import {
  grantStatements,
  literal,
  type Roles,
  roleStatements,
  schemaComment,
  schemaStatements,
  sequenceGrants,
  viewStatements,
} from './statements.ts';

/** Everything that makes a database a prepared target. */
export type Preparation = {
  roles: Roles;
  /** To be run in order, in one transaction, by somebody who owns the database's objects. */
  statements: readonly string[];
  plans: readonly RelationPlan[];
};

export type PreparationOptions = {
  target: string;
  reach: PolicyReach;
  /** What the least role logs in with, or its SCRAM verifier; it stands in none of the statements. */
  password?: string;
  /** Take functions that nobody has reviewed from PUBLIC as well. */
  revokePublic?: boolean;
};

/** The database is prepared for a target of another name: both would make views of one name. */
export class PreparedForAnother extends Error {}

/**
 * What would make a database a prepared target, as it stands now; any role may ask. The connection must be outside a
 * transaction. Run twice it is the same, but for views that then fit and are left alone.
 *
 * @throws PreparedForAnother, ZodError when the server answers in a shape that isn't understood.
 */
export async function preparationOf(run: RunQuery, options: PreparationOptions): Promise<Preparation> {
  const { plans, catalogue, state } = await readTarget(run, options.reach);
  const { target, reach } = options;
  const comment = state.server.maskingSchema;
  if (comment !== null && comment !== schemaComment(target)) {
    throw new PreparedForAnother(
      `There is a schema ${MASKING_SCHEMA} already, of something else: ${comment || 'it has no comment'}.`,
    );
  }
  const roles = targetRoles(target);
  return {
    roles,
    plans,
    statements: [
      ...roleStatements(roles, state),
      ...schemaStatements(roles, target, state),
      ...viewStatements(plans, roles, catalogue),
      ...grantStatements(plans, roles, catalogue),
      ...sequenceGrants(roles, catalogue, reach),
      ...reviewedGrants(state, roles, reach),
      ...(options.revokePublic === true ? revokedFromPublic(state, roles, reach, plans) : []),
    ],
  };
}

export type ReadTarget = { catalogue: Catalogue; state: DatabaseState; plans: RelationPlan[] };

/** A database as it is, with what the policy can mean for each of its relations, by name. */
export async function readTarget(run: RunQuery, reach: PolicyReach): Promise<ReadTarget> {
  await ready;
  const state = await loadState(run);
  const { snapshot } = await loadCatalogue(run);
  const catalogue = new Catalogue(snapshot);
  const names = new Names(catalogue, new Findings(), {
    searchPath: ['pg_catalog'],
    temporary: [],
    reviewedFunctions: reach.reviewedFunctions,
  });
  const planning = { catalogue, names, state, reach, possible: new PossibleMasks(catalogue, reach) };
  const plans = [...catalogue.userRelations()]
    .filter(({ schema, kind }) => schema !== MASKING_SCHEMA && kind !== 'S')
    .toSorted(byName)
    .map((relation) => planRelation(relation, planning));
  return { catalogue, state, plans };
}

function byName(left: Relation, right: Relation): number {
  const [a, b] = [`${left.schema}\0${left.name}`, `${right.schema}\0${right.name}`];
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Makes a database a prepared target: reads it, runs the statements in one transaction, and gives the role that the
 * gateway then logs in as. The connection must be an administrator's, outside a transaction.
 *
 * @throws PreparedForAnother; what `run` throws when a statement fails, after ROLLBACK.
 */
export async function prepareDatabase(run: RunQuery, options: PreparationOptions): Promise<Preparation> {
  const preparation = await preparationOf(run, options);
  await run('BEGIN');
  try {
    await run('SET LOCAL search_path = pg_catalog');
    for (const statement of preparation.statements) await run(statement);
    if (options.password !== undefined) {
      await run(`ALTER ROLE ${quoted(preparation.roles.least)} PASSWORD ${literal(options.password)}`);
    }
    await run('COMMIT');
  } catch (error) {
    await run('ROLLBACK');
    throw error;
  }
  return preparation;
}
