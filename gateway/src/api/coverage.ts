import { setImmediate } from 'node:timers/promises';
import { CoverageLedger } from '../core/coverage/ledger.ts';
import { audits } from './auditing.ts';
import type { Handlers } from './handlers.ts';
import type { ApiServices } from './services.ts';

const PAGE = 200;

/** What could not be looked into, of the newest records. */
export function coverageHandlers(services: ApiServices): Pick<Handlers, 'coverage'> {
  return {
    coverage: async ({ params, caller }) => {
      const { target = null, limit } = params;
      await audits(
        services,
        caller,
        `asked what could not be looked into${target === null ? '' : ` on ${target}`}`,
      );
      const since = params.since === undefined ? null : new Date(params.since);
      const ledger = new CoverageLedger();
      let [before, left]: [string | null, number] = [null, limit];
      do {
        const query = { principal: null, target, before, limit: Math.min(PAGE, left) };
        const page = await services.records.list(query);
        const wanted = page.records.filter(({ at }) => since === null || new Date(at) >= since);
        for (const record of wanted) ledger.take(record);
        // Others get their turn between two pages.
        await setImmediate();
        left -= page.records.length;
        before = wanted.length < page.records.length || wanted.length === 0 ? null : page.next;
      } while (before !== null && left > 0);
      return ledger.report();
    },
  };
}
