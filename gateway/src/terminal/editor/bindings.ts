import type { Key } from '../keys/key.ts';
import { complete } from './completion.ts';
import * as editing from './editing.ts';
import * as killing from './killing.ts';
import * as movement from './movement.ts';
import * as recall from './recall.ts';
import { beginSearch } from './search.ts';
import { type Command, newEditor, step } from './state.ts';

const submit: Command = (state) =>
  state.isCut
    ? step(state, { kind: 'tooLong' })
    : step({ ...state, mode: 'submitted' }, { kind: 'submit', line: state.text });

const abandon: Command = ({ history, killRing, lastQuery }) =>
  step({ ...newEditor(history, killRing), lastQuery }, { kind: 'abandoned' });

const clearScreen: Command = (state) => step(state, { kind: 'clearScreen' });

/** Keys as emacs users write them, and what they do: readline's defaults. */
export const bindings: ReadonlyMap<string, Command> = new Map([
  ['C-a', movement.beginningOfLine],
  ['C-b', movement.backwardCharacter],
  ['C-c', abandon],
  ['C-d', editing.deleteOrEndOfFile],
  ['C-e', movement.endOfLine],
  ['C-f', movement.forwardCharacter],
  ['C-k', killing.killLine],
  ['C-l', clearScreen],
  ['C-n', recall.down],
  ['C-p', recall.up],
  ['C-r', beginSearch(true)],
  ['C-s', beginSearch(false)],
  ['C-t', editing.transposeCharacters],
  ['C-u', killing.killBackwardLine],
  ['C-w', killing.backwardKillBlankWord],
  ['C-y', killing.yank],
  ['C-_', editing.undo],
  ['M-.', recall.yankLastArgument],
  ['M-_', recall.yankLastArgument],
  ['M-<', recall.firstEntry],
  ['M->', recall.newLineEntry],
  ['M-b', movement.backwardWord],
  ['M-c', editing.capitalizeWord],
  ['M-d', killing.killWord],
  ['M-f', movement.forwardWord],
  ['M-l', editing.downcaseWord],
  ['M-t', editing.transposeWords],
  ['M-u', editing.upcaseWord],
  ['M-y', killing.yankPop],
  ['enter', submit],
  ['M-enter', editing.newline],
  ['tab', complete],
  ['backspace', editing.backwardDeleteCharacter],
  ['M-backspace', killing.backwardKillWord],
  ['delete', editing.deleteCharacter],
  ['C-delete', killing.killWord],
  ['M-delete', killing.killWord],
  ['home', movement.beginningOfLine],
  ['end', movement.endOfLine],
  ['left', movement.backwardCharacter],
  ['right', movement.forwardCharacter],
  ['C-left', movement.backwardWord],
  ['C-right', movement.forwardWord],
  ['M-left', movement.backwardWord],
  ['M-right', movement.forwardWord],
  ['up', recall.up],
  ['down', recall.down],
]);

/** The name of a key in `bindings`; null for text and pastes. Capital letters with Alt count as small ones. */
export function keyName(key: Key): string | null {
  switch (key.kind) {
    case 'control':
      return `C-${key.character}`;
    case 'alt':
      return `M-${key.character.toLowerCase()}`;
    case 'named':
      return `${key.ctrl ? 'C-' : ''}${key.alt ? 'M-' : ''}${key.name}`;
    default:
      return null;
  }
}
