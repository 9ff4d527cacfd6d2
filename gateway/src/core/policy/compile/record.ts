import type { Target } from '../../../../contract/target.ts';
import type { ReadDocument } from '../language/read.ts';
import type { RecordSettings } from '../language/record.ts';
import type { Recording } from '../policy.ts';
import { compileOn } from './on.ts';

/** What is kept where no policy says anything. */
const UNSAID: Recording = { maxRows: 100, maxBytes: 65_536, constants: 'keep' };

export type CompiledRecording = Pick<RecordSettings, 'answers' | 'constants'> & {
  isAbout: (target: Target) => boolean;
};

/** The sections `record` of all documents. */
export function compileRecording(documents: readonly ReadDocument[]): CompiledRecording[] {
  return documents
    .flatMap(({ document }) => document.record)
    .map(({ on, ...settings }) => ({ ...settings, isAbout: compileOn(on ?? 'everything').target }));
}

/** What records of a target keep: of everything that is said of it the strictest, whatever the order. */
export function recordingOn(target: Target, settings: readonly CompiledRecording[]): Recording {
  const here = settings.filter(({ isAbout }) => isAbout(target));
  return {
    maxRows: least(here.map(({ answers }) => answers?.rows)) ?? UNSAID.maxRows,
    maxBytes: least(here.map(({ answers }) => answers?.bytes)) ?? UNSAID.maxBytes,
    constants: here.some(({ constants }) => constants === 'hide') ? 'hide' : UNSAID.constants,
  };
}

function least(numbers: ReadonlyArray<number | undefined>): number | undefined {
  const said = numbers.filter((number) => number !== undefined);
  return said.length === 0 ? undefined : Math.min(...said);
}
