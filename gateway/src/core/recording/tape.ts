import type { Marker } from '../../../contract/asciicast-marker.ts';
import type { SluiceError } from '../../../contract/error.ts';
import type { PrincipalId, SessionId, TargetName } from '../../../contract/ids.ts';
import type { RecordingPlace } from '../../../contract/record.ts';

/** Takes down what a person sees in a terminal and what is decided there, in its order. */
export interface Tape {
  /** Where in it what happens now stands. */
  readonly place: RecordingPlace;
  /** Whether output is left out from here on, for there is no room for it. */
  readonly isFull: boolean;
  /** As the person saw it: what detectors found is replaced. */
  output(bytes: Uint8Array): void;
  resize(size: { columns: number; rows: number }): void;
  mark(marker: Marker): void;
  /**
   * Resolves once all that was taken down until now is on disk: the end of a command is told after that. What is shown
   * while it runs waits for no disk; it follows within a second.
   * @throws SluiceError `record.unavailable`
   */
  durable(): Promise<void>;
  /** The terminal has ended. Resolves once the whole tape is on disk. */
  end(): Promise<void>;
}

/** Which recording: a session's terminals are numbered from 1 on. */
export type TapeId = { session: SessionId; terminal: number };

export type NewTape = TapeId & {
  /** Whose session it is. */
  principal: PrincipalId;
  target: TargetName;
  /** "ana@shop.example on deploy@web", for players. */
  title: string;
  /** Of a command without a shell. */
  command?: string;
  columns: number;
  rows: number;
  /** TERM. */
  term: string;
};

/** Records terminals as asciicast v2. */
export interface TapeRecorder {
  /**
   * Begins a recording. `onFailure` is called once when it can't be kept: the terminal must end then
   * (`record.unavailable`), as must one whose `durable` rejects.
   */
  begin(tape: NewTape, onFailure: (why: SluiceError) => void): Tape;
}

/** A recording that is read, while it runs or after. */
export interface Recording {
  /** Whose session it was. */
  readonly principal: PrincipalId;
  /** The lines so far, whole ones; a recording whose gateway died may end within one. */
  read(): AsyncIterable<Uint8Array>;
  /**
   * The lines so far, then those to come, until the terminal has ended or `signal` is aborted. `isLive`: they were taken
   * down after this was called; the first of these is empty, and comes at once. `now`: the first line, then what is live.
   */
  follow(from: 'start' | 'now', signal: AbortSignal): AsyncIterable<{ lines: string; isLive: boolean }>;
}

export interface Recordings {
  /** Null where there is none. */
  find(id: TapeId): Promise<Recording | null>;
}
