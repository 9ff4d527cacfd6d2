import type { Catalogue, Column } from '../catalogue/catalogue.ts';

/**
 * The server's own triggers that put a column together of others: its name is their first argument. What comes between
 * that and the others names a text search configuration, or the column that has it.
 */
const FILLING: ReadonlyMap<string, { configured: 'byName' | 'byColumn' }> = new Map([
  ['tsvector_update_trigger', { configured: 'byName' }],
  ['tsvector_update_trigger_column', { configured: 'byColumn' }],
]);

const isFilling = ({ baseType, domain }: Column) => (domain?.baseType ?? baseType) === 'tsvector';

/**
 * The columns of which the server's own trigger fills another, as a generated one is computed of others; null for a column
 * that none fills. A trigger that is switched off, or that names a column by a name that it had, has filled rows before.
 */
export function triggerSources(catalogue: Catalogue, { relation, name }: Column): ReadonlySet<Column> | null {
  let sources: Set<Column> | null = null;
  for (const trigger of catalogue.triggersOn(relation.oid)) {
    const filling = trigger.schema === 'pg_catalog' ? FILLING.get(trigger.function) : undefined;
    const [filled, configuration, ...others] = trigger.arguments;
    if (filling === undefined || filled !== name) continue;
    sources ??= new Set();
    const named = filling.configured === 'byColumn' ? [configuration ?? '', ...others] : others;
    const found = named.map((other) => relation.byName.get(other));
    const isKnown = found.every((source) => source !== undefined);
    for (const source of isKnown ? found : relation.columns.filter((own) => !own.generated)) {
      // Nothing is put together of what is put together already.
      if (source !== undefined && !isFilling(source)) sources.add(source);
    }
  }
  return sources;
}
