import type { Opening, Recorder, RecordReader } from '../../../gateway/src/core/recording/recorder.ts';

const KEPT = Promise.resolve();
const OPENED: Opening = { durable: () => KEPT };

/** In the place of the store's, and keeps nothing. */
export class RecordLog implements Recorder, RecordReader {
  open(): Opening {
    return OPENED;
  }

  close(): Promise<void> {
    return KEPT;
  }

  keep(): Promise<void> {
    return KEPT;
  }

  note(): Promise<void> {
    return KEPT;
  }

  async list() {
    return { records: [], next: null };
  }

  async texts() {
    return { texts: [], next: null };
  }
}
