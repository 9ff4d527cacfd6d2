import { readFileSync } from 'node:fs';

/** Beside the bundle when bundled; where `npm run build` puts it when run from source. */
const FILE = import.meta.url.endsWith('.ts') ? '../../dist/gateway/approval-page.js' : './approval-page.js';

/** The approval page's script; null where it was not built. */
export function readPageScript(): string | null {
  try {
    return readFileSync(new URL(FILE, import.meta.url), 'utf8');
  } catch {
    return null;
  }
}
