/** One statement as a tool sent it, with its parameters: what a replay sends again. */
export type Captured = {
  sql: string;
  /** Absent for the simple protocol. */
  values?: Array<string | null>;
  /** Parameter types that Parse declared. */
  types?: number[];
  /** Parameters sent in binary are hex in `values`. */
  binary?: boolean[];
  /** Results asked for in binary. */
  binaryResults?: true;
  /** What was sent for COPY FROM STDIN. */
  copied?: string;
  /** The tool's second, third … connection. */
  connection?: number;
};

type Prepared = { sql: string; types: number[] };
type Bound = Prepared & { values: Array<string | null>; binary: boolean[]; binaryResults: boolean };

/** Reads what a client sends after its start-up message and tells each statement that it runs. */
export class StatementReader {
  readonly #tell: (captured: Captured) => void;
  readonly #prepared = new Map<string, Prepared>();
  readonly #portals = new Map<string, Bound>();
  #last: Captured | null = null;
  #rest: Buffer = Buffer.alloc(0);

  constructor(tell: (captured: Captured) => void) {
    this.#tell = tell;
  }

  push(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 5) {
      const end = 1 + this.#rest.readInt32BE(1);
      if (this.#rest.length < end) return;
      this.#message(String.fromCharCode(this.#rest[0] ?? 0), new Fields(this.#rest.subarray(5, end)));
      this.#rest = this.#rest.subarray(end);
    }
  }

  #message(type: string, fields: Fields): void {
    if (type === 'Q') this.#told({ sql: fields.text() });
    else if (type === 'P') this.#prepared.set(fields.text(), { sql: fields.text(), types: fields.oids() });
    else if (type === 'B') this.#bind(fields);
    else if (type === 'E') this.#execute(this.#portals.get(fields.text()));
    else if (type === 'd' && this.#last !== null)
      this.#last.copied = (this.#last.copied ?? '') + fields.remaining();
  }

  #bind(fields: Fields): void {
    const portal = fields.text();
    const prepared = this.#prepared.get(fields.text()) ?? { sql: '', types: [] };
    const formats = fields.shorts();
    const raw = fields.values();
    const binary = raw.map((_, at) => (formats.length === 1 ? formats[0] : (formats[at] ?? 0)) === 1);
    const values = raw.map((value, at) => value?.toString(binary[at] === true ? 'hex' : 'utf8') ?? null);
    this.#portals.set(portal, { ...prepared, values, binary, binaryResults: fields.shorts().includes(1) });
  }

  #execute(bound: Bound | undefined): void {
    if (bound === undefined) return;
    const { sql, values, types, binary, binaryResults } = bound;
    this.#told({
      sql,
      values,
      ...(types.some((oid) => oid !== 0) ? { types } : {}),
      ...(binary.includes(true) ? { binary } : {}),
      ...(binaryResults ? { binaryResults: true } : {}),
    });
  }

  #told(captured: Captured): void {
    this.#last = captured;
    this.#tell(captured);
  }
}

class Fields {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  text(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  oids(): number[] {
    return Array.from({ length: this.#short() }, () => this.#int());
  }

  shorts(): number[] {
    return Array.from({ length: this.#short() }, () => this.#short());
  }

  values(): Array<Buffer | null> {
    return Array.from({ length: this.#short() }, () => {
      const length = this.#int();
      if (length < 0) return null;
      this.#at += length;
      return this.#bytes.subarray(this.#at - length, this.#at);
    });
  }

  remaining(): string {
    return this.#bytes.toString('utf8', this.#at);
  }

  #short(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  #int(): number {
    this.#at += 4;
    return this.#bytes.readInt32BE(this.#at - 4);
  }
}
