import type { RunQuery } from '../../catalogue/load.ts';
import type { Finding } from './findings.ts';
import { askRights } from './questions.ts';
import { roleFindings } from './role.ts';

/**
 * Why a role has more power than a gateway needs; told at every start, whatever the mode. It needs no parser, which
 * has no place in the gateway's own thread.
 */
export async function powerOf(run: RunQuery): Promise<Finding[]> {
  const { role } = await askRights(run);
  return roleFindings(role).filter(({ state }) => state === 'open');
}
