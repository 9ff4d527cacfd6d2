import type { Marker } from '../../../core/recording/asciicast/marker.ts';

/** Takes down what a person sees in a terminal and what is decided there, in its order. */
export interface Tape {
  /** As the person saw it: what detectors found is replaced. */
  output(bytes: Uint8Array): void;
  resize(size: { columns: number; rows: number }): void;
  mark(marker: Marker): void;
}

/** Where nothing is taken down. */
export const NO_TAPE: Tape = { output: () => undefined, resize: () => undefined, mark: () => undefined };
