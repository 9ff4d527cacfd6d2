import type { Client } from 'ssh2';
import type { Detection } from '../../../../contract/detection.ts';
import { detectorSetOf } from '../../../core/detectors/detector-set.ts';
import { Redactor } from '../../../core/detectors/redactor.ts';
import type { Session } from '../../../core/flow/session.ts';
import { normalised } from '../../../shell/match/paths.ts';
import { lastWord } from '../../../shell/strict/last-word.ts';
import { quote } from '../../../shell/strict/serialise.ts';
import type { Candidate } from '../../../terminal/editor/state.ts';
import { type Decidable, decidableDeed } from '../action.ts';

/** What stands before the cursor, and where the names for it are. */
export type Wanted = {
  /** Offset of the word, in UTF-16 units. */
  from: number;
  /** The word's part up to its last `/`, as the candidates begin. */
  typed: string;
  /** What the names begin with. */
  prefix: string;
  /** Absolute. */
  folder: string;
};

/** What Tab asks for; null where no file can be meant, or nobody knows where it would be. */
export function wantedAt(line: string, cwd: string | null): Wanted | null {
  const word = lastWord(line);
  if (word === null || (word.isProgram && !word.text.includes('/'))) return null;
  const at = word.text.lastIndexOf('/') + 1;
  const typed = word.text.slice(0, at);
  const folder = normalised(typed === '' ? '.' : typed, cwd);
  return folder === null ? null : { from: word.at, typed, prefix: word.text.slice(at), folder };
}

/** Where a folder leads on the host, links followed; itself where it leads nowhere, and nothing is listed then. */
export async function whereLeads(upstream: Client, folder: string): Promise<string> {
  const told = await printed(upstream, `cd -P ${quote(folder)} 2>/dev/null && pwd -P`);
  return /^(\/[^\n]*)\n$/.exec(told)?.[1] ?? folder;
}

/**
 * The listing as the flow takes it, by both names of a folder: the one that was written and where that leads. Nobody is
 * asked to approve a key: what would wait is refused.
 */
export function decidableListing(
  place: { session: Session; account: string },
  written: string,
  leads: string,
): Decidable {
  const names = [...new Set([written, leads])];
  const statement = `list ${leads === written ? written : `${written} (${leads})`} (completion)`;
  const uses = names.map((path) => ({ kind: 'listFiles', path }) as const);
  const folder = quote(leads);
  // What became a link after it was asked where it leads is not listed.
  const command = `cd -P ${folder} 2>/dev/null && test "$(pwd -P)" = ${folder} && LC_ALL=C ls -1ap 2>/dev/null`;
  const { action, enforce } = decidableDeed(place, {
    statement,
    uses,
    readOnly: true,
    granted: { kind: 'exec', command },
  });
  const { asked: _, ...unasked } = action;
  return { action: unasked, enforce };
}

const MAX_LISTING_BYTES = 1024 * 1024;
const MAX_LISTING_MS = 5000;

/** What a command prints, in time; what comes later, and what is beyond a bound, is left out. */
export function printed(upstream: Client, command: string): Promise<string> {
  return new Promise((resolve) => {
    upstream.exec(command, (error, channel) => {
      if (error !== undefined) return resolve('');
      const chunks: Buffer[] = [];
      let bytes = 0;
      const late = setTimeout(() => channel.close(), MAX_LISTING_MS);
      channel.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
        if (bytes <= MAX_LISTING_BYTES) chunks.push(chunk);
        else channel.close();
      });
      channel.once('close', () => {
        clearTimeout(late);
        resolve(Buffer.concat(chunks).toString());
      });
    });
  });
}

/** A listing with what detectors find in it replaced, as in any other output. */
export function redacted(names: string, detections: readonly Detection[] | undefined): string {
  if (detections === undefined || detections.length === 0) return names;
  const redactor = new Redactor(detectorSetOf(detections), new Map());
  return Buffer.concat([redactor.push(Buffer.from(names)), redactor.end()]).toString();
}

/** The names of a listing that go on from what was typed. Those that can't be shown as they are are left out. */
export function candidatesIn(names: string, { typed, prefix }: Wanted): Candidate[] {
  return names
    .split('\n')
    .filter((name) => name !== '' && name !== './' && name !== '../' && name.startsWith(prefix))
    .filter((name) => (prefix.startsWith('.') || !name.startsWith('.')) && !UNSHOWN.test(name))
    .sort()
    .map((name) => ({
      text: written(typed + name),
      shown: name,
      suffix: name.endsWith('/') ? '' : ' ',
    }));
}

const UNSHOWN = /[\p{C}\p{Zl}\p{Zp}\uFFFD]/u;

/** As a word that strict mode reads, and that no program takes for an option. */
function written(name: string): string {
  const path = name.startsWith('-') ? `./${name}` : name;
  return /^[\p{L}\p{N}_@%+:,./][\p{L}\p{N}_@%+=:,./-]*$/u.test(path) ? path : quote(path);
}
