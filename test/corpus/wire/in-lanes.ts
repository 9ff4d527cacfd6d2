/** What is still to be done, taken one by one by whoever is free. */
export type Job<T> = Iterable<T>;

/** Shares jobs out among lanes that work side by side; when all have stopped, rejects with what went wrong first. */
export async function inLanes<T>(
  lanes: number,
  jobs: readonly T[],
  work: (lane: number, jobs: Job<T>) => Promise<void>,
): Promise<void> {
  const shared = jobs.values();
  const failures: unknown[] = [];
  const next = () => (failures.length === 0 ? shared.next() : { done: true as const, value: undefined });
  const rest: Job<T> = { [Symbol.iterator]: () => ({ next }) };
  await Promise.all(
    Array.from({ length: lanes }, (_, lane) =>
      work(lane, rest).catch((error: unknown) => failures.push(error)),
    ),
  );
  if (failures.length > 0) throw failures[0];
}
