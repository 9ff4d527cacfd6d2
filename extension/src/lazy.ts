import { join } from 'node:path';
import type { PolicyLanguage } from './policy-language/bundle.ts';

/**
 * Loads a bundle of its own beside extension.cjs when it is first needed. `require` is the bundle's own:
 * the name is computed, so that the bundler leaves it to run time.
 */
function loadBundle<Module>(name: string): Module {
  return require(join(__dirname, `${name}.cjs`)) as Module;
}

/** The OAuth library. */
export const loadOAuth = () => loadBundle<typeof import('./identity/oauth.ts')>('oauth');

let policyLanguage: PolicyLanguage | null = null;

/** The language of policies, with `yaml`; the schemas stand beside the bundle. */
export function loadPolicyLanguage(): PolicyLanguage {
  policyLanguage ??= new (loadBundle<typeof import('./policy-language/bundle.ts')>(
    'policy-language',
  ).PolicyLanguage)(__dirname);
  return policyLanguage;
}

/** node-sql-parser's PostgreSQL grammar. */
export const loadSqlOutline = () => loadBundle<typeof import('./sql/outline-bundle.ts')>('sql-outline');
