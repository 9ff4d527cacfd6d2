export type Labels = Readonly<Record<string, string>>;
export type Sample = { labels: Labels; value: number };
/** `counts` are of each bucket alone: one for each bound, and one for what lies beyond. */
export type HistogramSample = { labels: Labels; counts: readonly number[]; sum: number };

/** What a metric stands at. */
export type Reading = { name: string; help: string } & (
  | { type: 'counter' | 'gauge'; samples: readonly Sample[] }
  | { type: 'histogram'; bounds: readonly number[]; samples: readonly HistogramSample[] }
);

interface Metric {
  read(): Reading | Promise<Reading>;
}

const SEPARATOR = '\u0000';

/** Only ever goes up. */
export class Counter implements Metric {
  readonly #head: { name: string; help: string };
  readonly #labels: readonly string[];
  readonly #values = new Map<string, number>();

  constructor(name: string, help: string, labels: readonly string[]) {
    this.#head = { name, help };
    this.#labels = labels;
  }

  /** @param values one for each label, in their order */
  add(values: readonly string[], count = 1): void {
    const key = values.join(SEPARATOR);
    this.#values.set(key, (this.#values.get(key) ?? 0) + count);
  }

  read(): Reading {
    const samples = [...this.#values].map(([key, value]) => ({ labels: labelled(this.#labels, key), value }));
    // Without labels it is there from the start on, at nothing.
    if (samples.length === 0 && this.#labels.length === 0) samples.push({ labels: {}, value: 0 });
    return { ...this.#head, type: 'counter', samples };
  }
}

type Series = { counts: number[]; sum: number };

/** How values are spread over buckets. */
export class Histogram implements Metric {
  readonly #head: { name: string; help: string };
  readonly #labels: readonly string[];
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Series>();

  constructor(name: string, help: string, labels: readonly string[], bounds: readonly number[]) {
    this.#head = { name, help };
    this.#labels = labels;
    this.#bounds = bounds;
  }

  observe(values: readonly string[], value: number): void {
    const series = this.#of(values.join(SEPARATOR));
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] ?? 0)) bucket++;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += value;
  }

  read(): Reading {
    const samples = [...this.#series].map(([key, { counts, sum }]) => ({
      labels: labelled(this.#labels, key),
      counts: [...counts],
      sum,
    }));
    return { ...this.#head, type: 'histogram', bounds: this.#bounds, samples };
  }

  #of(key: string): Series {
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const made = { counts: Array.from({ length: this.#bounds.length + 1 }, () => 0), sum: 0 };
    this.#series.set(key, made);
    return made;
  }
}

/** Asked when metrics are. */
export class Observed implements Metric {
  readonly #head: { name: string; help: string; type: 'counter' | 'gauge' };
  readonly #ask: () => readonly Sample[] | Promise<readonly Sample[]>;

  constructor(
    type: 'counter' | 'gauge',
    name: string,
    help: string,
    ask: () => readonly Sample[] | Promise<readonly Sample[]>,
  ) {
    this.#head = { name, help, type };
    this.#ask = ask;
  }

  async read(): Promise<Reading> {
    return { ...this.#head, samples: await this.#ask() };
  }
}

/** All that is counted, in the order in which it was named. */
export class Registry {
  readonly #metrics: Metric[] = [];

  add<M extends Metric>(metric: M): M {
    this.#metrics.push(metric);
    return metric;
  }

  async read(): Promise<Reading[]> {
    return Promise.all(this.#metrics.map((metric) => metric.read()));
  }
}

/** How many there are of each combination of labels. */
export function counted(labels: readonly Labels[]): Sample[] {
  const counts = new Map<string, Sample>();
  for (const one of labels) {
    const key = Object.values(one).join(SEPARATOR);
    counts.set(key, { labels: one, value: (counts.get(key)?.value ?? 0) + 1 });
  }
  return [...counts.values()];
}

function labelled(names: readonly string[], key: string): Labels {
  const values = key.split(SEPARATOR);
  return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
}
