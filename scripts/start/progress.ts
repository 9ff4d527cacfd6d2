const startedMs = Date.now();

/** One line of progress, with the seconds since the start. */
export function say(line: string): void {
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(0).padStart(3);
  console.log(`${seconds} s  ${line}`);
}
