import { useEffect, useState } from 'preact/hooks';
import type { Store } from './store.ts';

/** The store's value, drawn again with each change. */
export function useStore<State>(store: Store<State>): State {
  const [state, setState] = useState(store.get());
  useEffect(() => {
    setState(store.get());
    return store.subscribe(setState);
  }, [store]);
  return state;
}
