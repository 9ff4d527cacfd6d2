import { useEffect, useState } from 'preact/hooks';

const TICK_MS = 1_000;

/** The time in milliseconds, drawn again each second: for what counts down. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(clock);
  }, []);
  return now;
}
