import { readLine } from '../core/policy/replay/record-line.ts';
import type { RecordLines } from '../core/policy/replay/replay.ts';
import { fileLines } from '../recorded/file-lines.ts';
import { UsageError } from './command.ts';

/**
 * The records in the file that --from names.
 *
 * @throws UsageError where it can't be read, or none of its lines is a record: of these nothing could be told
 */
export async function* recordsIn(file: string): RecordLines {
  let [isAny, isRecord] = [false, false];
  try {
    for await (const batch of fileLines(file)) {
      isAny ||= batch.length > 0;
      isRecord ||= batch.some((line) => readLine(line) !== null);
      yield batch;
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (typeof code !== 'string') throw error;
    throw new UsageError(`${file} can't be read (${code}). ${FROM}`);
  }
  if (isAny && !isRecord) throw new UsageError(`No line of ${file} is a record. ${FROM}`);
}
const FROM =
  '--from takes a file: what `sluice records --json` prints, or the leaves.jsonl of `sluice audit export`.';
