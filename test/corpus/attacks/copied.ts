import { family, type Step } from '../attack.ts';

const set = (owner: string): Step[] => [{ owner }, 'SELECT 1'];

/** A column that the server's own trigger fills with the words of a masked one beside it. */
const TOLD = (triggers: string) =>
  set(
    `ALTER TABLE letters ADD vis tsvector, ADD config regconfig DEFAULT 'simple'; CREATE INDEX ON letters USING gin (vis); ${triggers}; UPDATE letters SET title = 'old'`,
  );
const FILLS =
  "CREATE TRIGGER fills BEFORE INSERT OR UPDATE ON letters FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(vis, 'pg_catalog.simple', title, body)";
const FILLS_BY_COLUMN =
  'CREATE TRIGGER fills BEFORE INSERT OR UPDATE ON letters FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger_column(vis, config, title, body)';

export const filledByTrigger = family('filled by a trigger', [
  [...TOLD(FILLS), 'SELECT vis FROM letters ORDER BY id'],
  [...TOLD(FILLS), "UPDATE letters SET title = 'x' WHERE id = 1 RETURNING vis"],
  [...TOLD(FILLS), "SELECT id FROM letters WHERE vis::text LIKE '%letter-leak-14%' ORDER BY id"],
  [...TOLD(FILLS), 'SELECT id, length(vis) FROM letters ORDER BY id', 'SELECT strip(vis) FROM letters'],
  [...TOLD(FILLS), 'SELECT (l).vis FROM letters l ORDER BY id'],
  [...TOLD(FILLS), 'SELECT array_agg(vis::text ORDER BY id) FROM letters'],
  [
    ...TOLD(`CREATE VIEW v AS SELECT id, vis AS words FROM letters; ${FILLS}`),
    'SELECT words FROM v ORDER BY id',
  ],
  [
    ...TOLD(
      `ALTER TABLE letters ADD words text[] GENERATED ALWAYS AS (tsvector_to_array(vis)) STORED; ${FILLS}`,
    ),
    'SELECT words FROM letters ORDER BY id',
  ],
  [...TOLD(FILLS_BY_COLUMN), 'SELECT vis FROM letters ORDER BY id'],
  [...TOLD(FILLS.replace('FUNCTION', 'PROCEDURE')), 'COPY (SELECT vis FROM letters ORDER BY id) TO STDOUT'],
  [
    ...TOLD(FILLS),
    ...set('ALTER TABLE letters RENAME title TO heading'),
    'SELECT vis FROM letters ORDER BY id',
  ],
  [
    ...set(
      `ALTER TABLE letters ADD "Vis, 'it'" tsvector; ALTER TABLE letters ADD "Ümlaut\\000" text; CREATE TRIGGER fills BEFORE UPDATE ON letters FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger("Vis, 'it'", 'pg_catalog.simple', "Ümlaut\\000", body); UPDATE letters SET body = body`,
    ),
    `SELECT "Vis, 'it'" FROM letters ORDER BY id`,
  ],
  [
    ...set(
      "ALTER TABLE people ADD vis tsvector; CREATE TRIGGER fills BEFORE UPDATE ON staff FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(vis, 'pg_catalog.simple', name, pin); UPDATE people SET name = name",
    ),
    'SELECT vis FROM people ORDER BY id',
  ],
]);
