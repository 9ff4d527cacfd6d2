import { formsOf } from './forms.ts';

export type Secret = {
  /** What people call it: "email of customer 7". */
  what: string;
  value: string | Buffer;
};

type Form = { what: string; bytes: Buffer; at: number };

/** Of each form so many bytes are looked for; the rest is compared where they stand. */
const GRAM_BYTES = 8;
const SLOT_BITS = 20;

/** Looks for all forms of many secrets in one pass over bytes. */
export class Finder {
  readonly #forms = new Map<number, Form[]>();
  readonly #slots = new Uint8Array(1 << SLOT_BITS);

  constructor(secrets: Iterable<Secret>) {
    const forms = [...secrets].flatMap(({ what, value }) => formsOf(value).map((bytes) => ({ what, bytes })));
    const counts = new Map<string, number>();
    for (const { bytes } of forms) {
      for (const gram of gramsOf(bytes)) counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
    for (const { what, bytes } of forms) this.#add({ what, bytes, at: rarest(gramsOf(bytes), counts) });
  }

  #add(form: Form): void {
    const hash = hashOf(form.bytes.readInt32LE(form.at), form.bytes.readInt32LE(form.at + 4));
    this.#slots[hash >>> (32 - SLOT_BITS)] = 1;
    const same = this.#forms.get(hash);
    if (same === undefined) this.#forms.set(hash, [form]);
    else same.push(form);
  }

  /** What the secrets are called that stand in `bytes`, in any form. */
  find(bytes: Buffer): Set<string> {
    const found = new Set<string>();
    const slots = this.#slots;
    let low = 0;
    let high = 0;
    for (let end = 0; end < bytes.length; end += 1) {
      low = (low >>> 8) | (high << 24);
      high = (high >>> 8) | ((bytes[end] ?? 0) << 24);
      const hash = hashOf(low, high);
      if (slots[hash >>> (32 - SLOT_BITS)] === 0) continue;
      const start = end + 1 - GRAM_BYTES;
      for (const form of this.#forms.get(hash) ?? []) if (stands(form, bytes, start)) found.add(form.what);
    }
    return found;
  }
}

function stands(form: Form, bytes: Buffer, gramStart: number): boolean {
  const start = gramStart - form.at;
  return start >= 0 && form.bytes.equals(bytes.subarray(start, start + form.bytes.length));
}

function hashOf(low: number, high: number): number {
  const mixed = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function gramsOf(bytes: Buffer): string[] {
  const text = bytes.toString('latin1');
  return Array.from({ length: bytes.length - GRAM_BYTES + 1 }, (_, at) => text.slice(at, at + GRAM_BYTES));
}

/** Where the gram begins that fewest forms have: all addresses end alike, and all cards begin alike. */
function rarest(grams: readonly string[], counts: ReadonlyMap<string, number>): number {
  const countAt = (at: number) => counts.get(grams[at] ?? '') ?? 0;
  return grams.reduce((best, _, at) => (countAt(at) < countAt(best) ? at : best), 0);
}
