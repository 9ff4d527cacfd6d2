import type { Snapshot } from '../../../sql/postgres/catalogue/snapshot.ts';
import type { KnownState } from './state.ts';

/**
 * Whether a search path finds the same schemas in another state of the catalogue. What it finds is asked of the
 * server; where that can't be asked, this tells: false as soon as a schema came, went, or was opened or closed whose
 * name might be one of the path's or of `"$user"`.
 */
export function findsSameSchemas(
  { path, sql }: Pick<KnownState, 'path'> & { sql: Pick<KnownState['sql'], 'role'> },
  before: Pick<Snapshot, 'schemas'>,
  after: Pick<Snapshot, 'schemas'>,
): boolean {
  const [was, is] = [before, after].map(
    ({ schemas }) => new Map(schemas.map(({ name, usable }) => [name, usable])),
  );
  const names = new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])]);
  const searched = plain(`${path} ${sql.role}`);
  return [...names].every((name) => was?.get(name) === is?.get(name) || !searched.includes(plain(name)));
}

/** As it may be written in the setting, which folds case and drops quotes. */
const plain = (name: string) => name.replaceAll('"', '').toLowerCase();
