/** Room that stands empty is kept up to so many places, or up to as many as are taken. */
const MAX_EMPTY = 1024;

/** First in, first out, in constant time: an array's own `shift` moves all that is left of it. */
export class Fifo<Item> {
  #items: Array<Item | undefined> = [];
  /** Where the head stands; places before it are empty. */
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  get head(): Item | undefined {
    return this.#items[this.#first];
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  shift(): Item | undefined {
    const { head } = this;
    if (this.length > 0) this.#moveTo(this.#first + 1);
    return head;
  }

  /** Drops what follows the head for as long as it fits. */
  dropBehindHead(fits: (item: Item) => boolean): void {
    const { head } = this;
    if (head === undefined) return;
    let at = this.#first;
    for (let next = this.#items[at + 1]; next !== undefined && fits(next); next = this.#items[at + 1])
      at += 1;
    this.#items[at] = head;
    this.#moveTo(at);
  }

  /** Takes all from the `index`th on. */
  takeFrom(index: number): Item[] {
    return this.#items.splice(this.#first + index).filter((item) => item !== undefined);
  }

  *[Symbol.iterator](): Generator<Item> {
    for (let at = this.#first; at < this.#items.length; at += 1) {
      const item = this.#items[at];
      if (item !== undefined) yield item;
    }
  }

  #moveTo(first: number): void {
    this.#items.fill(undefined, this.#first, first);
    this.#first = first;
    if (this.length > 0 && (first <= MAX_EMPTY || first <= this.length)) return;
    this.#items = this.#items.slice(first);
    this.#first = 0;
  }
}
