import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../../contract/error.ts';
import { examine } from '../adapters/store/audit/examine.ts';
import { isExport, readExport, writeExport } from '../adapters/store/audit/export.ts';
import { type LogReader, readFolder } from '../adapters/store/audit/kept-folder.ts';
import { defaultDataDir } from '../config-load.ts';
import { visible } from '../core/approvals/words.ts';
import { Proof, wrongWith } from '../core/audit/proof.ts';
import { type Problem, problemInWords, type Verdict } from '../core/audit/verify.ts';
import { noMore, parsedArguments } from './arguments.ts';
import { auditAct } from './audit-acts.ts';
import { type ExitCode, type Surroundings, UsageError } from './command.ts';

const MAX_SHOWN = 10;
/** A gateway signs within a second; some more for one that was slow. */
const MAX_UNSIGNED_MS = 60_000;

/** `audit …`: what an auditor does without a gateway, and what administrators do to a gateway's log. */
export async function audit(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const [act = '', ...rest] = args;
  switch (act) {
    case 'verify':
      return verify(rest, surroundings);
    case 'prove':
      return proveRecord(rest, surroundings);
    case 'check':
      return check(rest, surroundings);
    case 'export':
      return exportTo(rest, surroundings);
    default:
      return auditAct(act, rest, surroundings);
  }
}

/** `audit verify [DIR]`: reads all of a log, and says what is wrong in it. */
function verify(args: readonly string[], { environment, out, say }: Surroundings): ExitCode {
  const options = {
    key: { type: 'string' },
    witness: { type: 'string' },
    json: { type: 'boolean' },
  } as const;
  const { values, positionals } = parsedArguments(args, options);
  noMore(positionals, 1);
  const dir = positionals[0] ?? defaultDataDir(environment);
  const log = open(dir);
  try {
    const copies = [...log.copies, ...(values.witness === undefined ? [] : witnessed(values.witness))];
    const { problems: found, verdict } = examine({ ...log, copies }, values.key ?? null);
    const problems = [...found, ...(verdict === null ? [] : unlikely(verdict))];
    if (values.json === true) out(JSON.stringify({ ...verdict, problems, waiting: log.waiting }));
    else
      say(
        inWords(verdict, problems, log.waiting, values.key !== undefined)
          .map(visible)
          .join('\n'),
      );
    return problems.length === 0 ? 0 : 1;
  } finally {
    log.close();
  }
}

/** What no gateway leaves behind: it names its key first, and signs every second. */
function unlikely({ size, unsignedMs }: Verdict): Problem[] {
  const ofLog = (what: string) => [{ seq: null, record: null, what }];
  if (size === 0) return ofLog('it is empty; the first entry of a gateway names its key');
  if (unsignedMs <= MAX_UNSIGNED_MS) return [];
  const seconds = Math.round(unsignedMs / 1000);
  return ofLog(
    `entries of ${seconds} seconds are not signed: checkpoints that were there are missing at the end`,
  );
}

function inWords(
  verdict: Verdict | null,
  problems: Problem[],
  waiting: number,
  isKeyGiven: boolean,
): string[] {
  const lines = problems.slice(0, MAX_SHOWN).map((problem) => `WRONG: ${problemInWords(problem)}`);
  if (problems.length > MAX_SHOWN) lines.push(`… and ${problems.length - MAX_SHOWN} more.`);
  if (verdict === null) return lines;
  const { size, signed, checkpoints, purged, recordings, keys } = verdict;
  lines.push(
    `${size} entries, ${checkpoints} checkpoints, ${recordings} recordings; contents of ${purged} entries were purged.`,
  );
  const unsigned = size - signed + waiting;
  if (unsigned > 0 && problems.length === 0) {
    lines.push(
      `${unsigned} entries are not signed yet (${waiting} of them in the journal): a gateway signs within a second.`,
    );
  }
  if (!isKeyGiven && keys[0] !== undefined) {
    lines.push(
      `Signed by ${keys[0]}, as the log itself says. Compare it with what you know, or give it with --key.`,
    );
  }
  lines.push(problems.length === 0 ? 'The log is sound.' : 'The log is NOT sound.');
  return lines;
}

/** `audit prove ID [DIR]`: that a record stands in the log, as JSON that `check` takes. */
function proveRecord(args: readonly string[], { environment, out }: Surroundings): ExitCode {
  const { positionals } = parsedArguments(args, {});
  const [record, dir = defaultDataDir(environment)] = positionals;
  if (record === undefined) throw new UsageError('Say which record: `sluice records` names them.');
  noMore(positionals, 2);
  const log = open(dir);
  try {
    const proof = log.prove(record);
    if (proof !== null) {
      out(JSON.stringify(proof, null, 2));
      return 0;
    }
    throw new SluiceError(
      'request.notFound',
      `There is no signed record ${record} in ${dir}.`,
      'A gateway signs within a second. `sluice audit verify` says whether the log is sound.',
    );
  } finally {
    log.close();
  }
}

/** `audit check FILE`: whether a proof proves its record, without any log. */
function check(args: readonly string[], { say }: Surroundings): ExitCode {
  const { values, positionals } = parsedArguments(args, { key: { type: 'string' } } as const);
  const [file] = positionals;
  if (file === undefined) throw new UsageError('Say which file: what `sluice audit prove` has printed.');
  noMore(positionals, 1);
  const proof = proofIn(file);
  const wrong =
    proof === null ? 'it is no file of `sluice audit prove`' : wrongWith(proof, values.key ?? null);
  if (proof === null || wrong !== null) {
    say(visible(`WRONG: ${file} proves nothing: ${wrong}.`));
    return 1;
  }
  const { record, entries, key } = proof;
  const places = entries.map(
    ({ seq, kind, body }) => `${kind} as entry ${seq}${body === null ? ', purged since' : ''}`,
  );
  say(visible(`Record ${record} stands in the log: ${places.join('; ')}.`));
  if (values.key === undefined)
    say(`Signed by ${visible(key)}, as the proof itself says. Give the key you know with --key.`);
  return 0;
}

function proofIn(file: string): Proof | null {
  try {
    return Proof.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** `audit export [DIR] --out FOLDER`: the whole log as JSON Lines, to keep or to hand to an auditor. */
function exportTo(args: readonly string[], { environment, say }: Surroundings): ExitCode {
  const { values, positionals } = parsedArguments(args, { out: { type: 'string' } } as const);
  noMore(positionals, 1);
  if (values.out === undefined) throw new UsageError('Say where to with --out FOLDER.');
  if (isExport(values.out)) throw new UsageError(`${values.out} holds an export already.`);
  const log = open(positionals[0] ?? defaultDataDir(environment));
  try {
    say(`${writeExport(log, values.out)} entries are in ${values.out}.`);
    return 0;
  } finally {
    log.close();
  }
}

/** A data folder or an export. @throws SluiceError when it is neither */
function open(dir: string): LogReader {
  if (isExport(dir)) return readExport(dir);
  if (!existsSync(join(dir, 'sluice.db'))) {
    throw new SluiceError(
      'config.unreadable',
      `${dir} is neither the data folder of a gateway nor an export.`,
      'Name the folder: the setting dataDir, or what `sluice audit export --out` was given.',
    );
  }
  try {
    return readFolder(dir);
  } catch (error) {
    throw unreadable(dir, error);
  }
}

/** A log without checkpoints is one that a gateway brings up to date; over anything else it would begin a new one. */
function unreadable(dir: string, cause: unknown): SluiceError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const next = BEFORE_CHECKPOINTS.test(why)
    ? 'It was written by a version before checkpoints: a gateway that starts there once brings it up to date.'
    : 'Its database is empty or damaged. Keep the folder for examination, start no gateway in it, and restore a backup.';
  return new SluiceError('store.corrupt', `The log in ${dir} can't be read (${why}).`, next, { cause });
}
const BEFORE_CHECKPOINTS = /no such table: (?:tiles|checkpoints)\b/;

/** Checkpoints that a witness keeps: a file, or all files of a folder. */
function witnessed(path: string): Array<{ where: string; note: string }> {
  if (!existsSync(path)) {
    throw new SluiceError(
      'config.unreadable',
      `There is no witness's file or folder ${path}.`,
      'Check --witness.',
    );
  }
  const files = statSync(path).isDirectory() ? filesIn(path) : [path];
  if (files.length === 0) {
    throw new SluiceError(
      'config.unreadable',
      `The witness's folder ${path} is empty: there is no file in it.`,
      'A gateway puts a checkpoint there every ten seconds. Check --witness, and who could delete them.',
    );
  }
  return files.map((file) => ({ where: file, note: readFileSync(file, 'utf8') }));
}

/** Without folders, such as the `lost+found` of a disk. */
function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}
