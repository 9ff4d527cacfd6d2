import { useEffect, useState } from 'preact/hooks';

export type Components = typeof import('./index.ts');

let loading: Promise<Components> | undefined;

/** The controls of forms and panels, or null until their bundle has loaded. The grid never calls this. */
export function useComponents(): Components | null {
  const [components, setComponents] = useState<Components | null>(null);
  useEffect(() => {
    loading ??= import('./index.ts');
    loading.then(setComponents, (error: unknown) => console.error('controls did not load', error));
  }, []);
  return components;
}
