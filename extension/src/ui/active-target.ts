import * as vscode from 'vscode';
import * as z from 'zod';
import { TargetName } from '../../../gateway/contract/ids.ts';
import type { TargetList } from '../targets/target-list.ts';

const STATE_KEY = 'sluice.targetByDocument';
const MAX_REMEMBERED = 500;
const Remembered = z.array(z.tuple([z.string(), TargetName]));

/** Which target each document runs on; remembered in the workspace by the document's address. */
export class ActiveTarget {
  readonly #memory: vscode.Memento;
  readonly #list: TargetList;
  readonly #byDocument: Map<string, TargetName>;
  readonly #changed = new vscode.EventEmitter<string>();
  /** Fires with the document's address. */
  readonly onChange = this.#changed.event;

  constructor(memory: vscode.Memento, list: TargetList) {
    this.#memory = memory;
    this.#list = list;
    const remembered = Remembered.safeParse(memory.get(STATE_KEY));
    this.#byDocument = new Map(remembered.success ? remembered.data : []);
  }

  /** The chosen target, as long as it is one that the person may see; the only target needs no choice. */
  of(document: string): TargetName | null {
    const chosen = this.#byDocument.get(document);
    const names = this.#list.targets.map((target) => target.name);
    if (chosen !== undefined && names.includes(chosen)) return chosen;
    return names.length === 1 ? (names[0] ?? null) : null;
  }

  choose(document: string, target: TargetName): void {
    this.#byDocument.delete(document);
    this.#byDocument.set(document, target);
    const newest = [...this.#byDocument].slice(-MAX_REMEMBERED);
    void this.#memory.update(STATE_KEY, newest);
    this.#changed.fire(document);
  }
}
