import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { term } from './terms.ts';

const Row = z.object({ principal: z.string() }).optional();

/** The ids of all principals that have a record under this name or e-mail address, whatever its case. */
export function principalsCalled(raw: DatabaseSync, name: string): string[] {
  const one =
    raw.prepare(`select log.principal from (select rowid from searched_words where searched_words match ? limit 1) as found
    join searched on searched.position = found.rowid
    join log on log.record = searched.record and log.kind <> 'closed' and log.principal is not null`);
  const found: string[] = [];
  for (;;) {
    // The index leaves out whom it has told of: a person may have a million records.
    const others = found.map((id) => ` NOT terms : ${term('owner', id)}`).join('');
    const row = Row.parse(one.get(`terms : ${term('who', name)}${others}`));
    if (row === undefined || found.includes(row.principal)) return found;
    found.push(row.principal);
  }
}
