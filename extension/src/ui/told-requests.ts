import type * as vscode from 'vscode';
import * as z from 'zod';

/** Names that were dealt with. */
export type Memory = { has(name: string): boolean; add(names: readonly string[]): void };

const KEY = 'sluice.toldRequests';
const KEPT = 200;

/** Requests that this person was told of, on this computer: the newest are remembered. */
export function toldRequests(memento: vscode.Memento): Memory {
  const read = () => z.array(z.string()).catch([]).parse(memento.get(KEY, []));
  let told = read();
  return {
    has: (name) => told.includes(name) || read().includes(name),
    add: (names) => {
      told = [...new Set([...read(), ...told, ...names])].slice(-KEPT);
      void memento.update(KEY, told);
    },
  };
}
