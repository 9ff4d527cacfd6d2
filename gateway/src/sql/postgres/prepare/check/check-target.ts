import type { Catalogue } from '../../catalogue/catalogue.ts';
import type { RunQuery } from '../../catalogue/load.ts';
import { trustedExtensions } from '../../facts/allowed/extensions.ts';
import { MASKING_SCHEMA } from '../names.ts';
import type { PolicyReach } from '../policy-reach.ts';
import { readTarget } from '../preparation.ts';
import type { DatabaseState } from '../state.ts';
import { type Finding, note, open } from './findings.ts';
import { askRights } from './questions.ts';
import { relationFindings, viewFindings } from './relations.ts';
import { roleFindings, serverFindings } from './role.ts';

/**
 * What is still open of a target to the role that asks, were there no gateway. The connection must be outside a
 * transaction. Without masking views (`zeroFootprint`) they are not looked for.
 *
 * @throws ZodError when the server answers in a shape that isn't understood.
 */
export async function checkTarget(
  run: RunQuery,
  reach: PolicyReach,
  mode: 'prepared' | 'zeroFootprint',
): Promise<Finding[]> {
  const rights = await askRights(run);
  const role = roleFindings(rights.role);
  const { plans, catalogue, state } = await readTarget(run, reach);
  const rules = ruleFindings(catalogue, reach);
  // Of a superuser the rest goes without saying for every table and function.
  if (rights.role.superuser) return [...role, ...rules];
  return [
    ...role,
    ...rules,
    ...relationFindings(plans, catalogue),
    ...(mode === 'prepared' ? viewFindings(plans, catalogue, rights.reach.maskingViews) : []),
    ...routineFindings(state, reach),
    ...serverFindings(rights.reach, MASKING_SCHEMA),
  ];
}

/** A slip of the pen in a rule's names leaves open what it was to keep in, and nothing else tells of it. */
function ruleFindings(catalogue: Catalogue, reach: PolicyReach): Finding[] {
  const columns = [...catalogue.relations()].flatMap(({ schema, name, columns }) =>
    columns.map((column) => ({ schema, relation: name, column: column.name })),
  );
  return reach
    .keepingNothing(columns)
    .map((id) =>
      note('rule', id, 'keeps nothing in here: no table or column of the target is what it names'),
    );
}

function routineFindings({ routines }: DatabaseState, { reviewedFunctions }: PolicyReach): Finding[] {
  return routines.flatMap(({ schema, name, signature, extension, definer, executable, forTriggers }) => {
    const known = reviewedFunctions.has(`${schema}.${name}`) || trustedExtensions.has(extension ?? '');
    if (!executable || forTriggers || known) return [];
    if (extension !== null)
      return [open('extension', signature, `it may be run, and ${extension} is not known to be harmless`)];
    return definer
      ? [open('function', signature, 'SECURITY DEFINER, not reviewed: it reads with the rights of its owner')]
      : [note('function', signature, 'not reviewed: it reads with the rights of the role alone')];
  });
}
