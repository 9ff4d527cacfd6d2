import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The runner's folder for everything that this run writes (its TMPDIR too); null where nobody looks at its end. */
export function writtenFolder(): string | null {
  return process.env.SLUICE_WRITTEN || null;
}

/** Removes what a lab wrote, unless the run looks into it at its end. */
export function removeWritten(...folders: string[]): void {
  if (writtenFolder() !== null) return;
  for (const folder of folders)
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
}

/** The run's ledger of secrets: one JSON object a line. */
export const LEDGER = 'seeded-secrets.jsonl';

/** Notes a secret that a lab lets loose: nothing that a gateway or an editor wrote may hold it at the run's end. */
export function noteSecret(what: string, value: string): void {
  const folder = writtenFolder();
  if (folder !== null) appendFileSync(join(folder, LEDGER), `${JSON.stringify({ what, value })}\n`);
}
