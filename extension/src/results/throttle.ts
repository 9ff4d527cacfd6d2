/** Calls `action` at once, then at most every `intervalMs`; the last call is never lost. */
export function throttle(action: () => void, intervalMs: number): { call: () => void; dispose: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  const fire = () => {
    again = false;
    action();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) fire();
    }, intervalMs);
  };
  return {
    call: () => {
      if (timer === undefined) fire();
      else again = true;
    },
    dispose: () => clearTimeout(timer),
  };
}
