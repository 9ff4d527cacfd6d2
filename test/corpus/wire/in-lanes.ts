/** What is still to be done, taken one by one by whoever is free. */
export type Job<T> = Iterable<T>;

/** Shares jobs out among lanes that work side by side; rejects with what goes wrong first. */
export async function inLanes<T>(
  lanes: number,
  jobs: readonly T[],
  work: (lane: number, jobs: Job<T>) => Promise<void>,
): Promise<void> {
  const shared = jobs.values();
  const rest: Job<T> = { [Symbol.iterator]: () => ({ next: () => shared.next() }) };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane, rest)));
}
