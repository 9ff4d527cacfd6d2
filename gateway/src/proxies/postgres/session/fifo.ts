/** What was settled makes up at most this much, or half, of what is kept. */
const MAX_TAKEN = 1024;

/** First in, first out, in constant time: an array's own `shift` moves all that is left of it. */
export class Fifo<Item> {
  #items: Item[] = [];
  /** Where the first of those that are left stands. */
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  get head(): Item | undefined {
    return this.#items[this.#first];
  }

  push(...items: Item[]): void {
    this.#items.push(...items);
  }

  shift(): Item | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#first];
    this.#first += 1;
    if (this.length === 0 || (this.#first > MAX_TAKEN && this.#first > this.length)) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** Takes all from the `index`th on. */
  takeFrom(index: number): Item[] {
    return this.#items.splice(this.#first + index);
  }

  /** In order. */
  *[Symbol.iterator](): Generator<Item> {
    for (let at = this.#first; at < this.#items.length; at += 1) yield this.#items[at] as Item;
  }
}
