import { visible } from '../../../core/approvals/words.ts';

/** What comes within so long is shown at once. */
const GATHER_MS = 100;
const MAX_GATHERED_BYTES = 64 * 1024;
/** A string ends with its line at the latest, and where the next one begins: each byte is looked at once. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with one
const SEQUENCES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P_^X][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[ -/]*[0-~])?/g;

/**
 * What programs in the background show while a line is being edited: it comes in whole lines above that, as plain text,
 * for nothing of theirs may move the cursor there.
 */
export class BackgroundOutput {
  readonly #show: (text: string) => void;
  readonly #decoder = new TextDecoder();
  #gathered: Uint8Array[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param show gets lines that are told apart by `\n` */
  constructor(show: (text: string) => void) {
    this.#show = show;
  }

  push(bytes: Uint8Array): void {
    this.#gathered.push(bytes);
    this.#bytes += bytes.byteLength;
    if (this.#bytes > MAX_GATHERED_BYTES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  /** Shows what there is. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#gathered.length === 0) return;
    const text = this.#decoder.decode(Buffer.concat(this.#gathered), { stream: true });
    this.#gathered = [];
    this.#bytes = 0;
    const lines = text.replace(SEQUENCES, '').replace(/\n$/, '').split('\n');
    const shown = lines.map((line) => visible(line.replace(/\r+$/, '').replace(/^.*\r/s, ''))).join('\n');
    if (shown.trim() !== '') this.#show(shown);
  }

  /** Forgets what there is: nobody looks any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#gathered = [];
  }
}
