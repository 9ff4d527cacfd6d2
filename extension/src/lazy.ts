import { join } from 'node:path';

/**
 * Loads a bundle of its own beside extension.cjs when it is first needed. `require` is the bundle's own:
 * the name is computed, so that the bundler leaves it to run time.
 */
function loadBundle<Module>(name: string): Module {
  return require(join(__dirname, `${name}.cjs`)) as Module;
}

/** The OAuth library. */
export const loadOAuth = () => loadBundle<typeof import('./identity/oauth.ts')>('oauth');

/** node-sql-parser's PostgreSQL grammar. */
export const loadSqlOutline = () => loadBundle<typeof import('./sql/outline-bundle.ts')>('sql-outline');
