import type { Decision } from '../../../../contract/decision.ts';
import type { Detection } from '../../../../contract/detection.ts';
import { detectorSetOf } from '../../../core/detectors/detector-set.ts';
import { type Counts, ValueRedactor } from '../../../core/detectors/redact.ts';
import type { AnalysedStatement, CopyFormat, OutputColumn } from '../../../sql/engine.ts';
import { isSystemSchema } from '../../../sql/postgres/catalogue/catalogue.ts';
import type { FieldDescription } from '../../../wire/postgres/messages/backend/row-description.ts';

/** A result as the server described it: what rows are read by. */
export type Described = {
  /** Shared by all portals of a statement; null until the description has come, or when nobody asks for one. */
  result: { fields: readonly FieldDescription[] | null };
  /** Result formats as they were bound; null: each as its field says. */
  formats: readonly number[] | null;
};

/** What detectors look at in the answer of one run, and what they found there. */
export class RunDetection {
  /** How often each detector found something; never what. */
  readonly counts: Counts = new Map();
  /** For whatever belongs to no column: COPY's lines, errors, notices. */
  readonly anywhere: ValueRedactor;
  readonly copyTo: CopyFormat | null;
  readonly #detections: readonly Detection[];
  readonly #outputs: readonly OutputColumn[] | null;

  /** Null when nothing is looked for. */
  static of(decision: Decision, statement: AnalysedStatement): RunDetection | null {
    const { detections } = decision;
    return detections === undefined || detections.length === 0
      ? null
      : new RunDetection(detections, statement);
  }

  private constructor(detections: readonly Detection[], statement: AnalysedStatement) {
    this.#detections = detections;
    // A plan can show a value of any column.
    this.#outputs = statement.facts.kind === 'explain' ? null : statement.outputs;
    this.copyTo = statement.copyTo;
    this.anywhere = new ValueRedactor(detectorSetOf(detections), this.counts);
  }

  /** What looks at a result column; null when nothing does. */
  redactorFor(index: number): ValueRedactor | null {
    const wanted = this.#detections.filter((detection) => appliesTo(detection, this.#outputs?.[index]));
    return wanted.length === 0 ? null : new ValueRedactor(detectorSetOf(wanted), this.counts);
  }
}

/** Whether the values of a result column are looked at; of one whose sources aren't known, all are. */
export function appliesTo({ columns }: Detection, output: OutputColumn | undefined): boolean {
  if (output === undefined) return true;
  const { origins } = output;
  if (columns === null) return origins.length === 0 || origins.some(({ schema }) => !isSystemSchema(schema));
  return columns.some(({ schema, relation, column }) =>
    origins.some(
      (origin) => origin.schema === schema && origin.relation === relation && origin.column === column,
    ),
  );
}
