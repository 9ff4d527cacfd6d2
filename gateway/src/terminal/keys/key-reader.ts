import { altKey, controlKey, isControl } from './controls.ts';
import { type Key, named } from './key.ts';
import { Paste } from './paste.ts';
import { controlSequence, singleShift } from './sequences.ts';

/** How long an ESC may be the beginning of a sequence, in milliseconds. */
export const ESCAPE_TIMEOUT_MS = 100;
/** How long a sequence that has begun may take to go on, in milliseconds. */
export const SEQUENCE_TIMEOUT_MS = 1000;

/** Parameters of a sequence that are kept; no key has more. */
const MAX_PARAMETERS_LENGTH = 16;

/** What the characters so far are the beginning of. `alt`: there were two ESC. */
type Waiting =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'escape'; readonly alt: boolean }
  | { readonly kind: 'control'; readonly parameters: string; readonly alt: boolean }
  | { readonly kind: 'shift'; readonly parameter: string; readonly alt: boolean }
  /** F1 to F5 of the Linux console, `ESC [ [ A`, or the report of a mouse, `ESC [ M` and three characters. */
  | { readonly kind: 'swallow'; readonly characters: number }
  /** OSC, DCS, APC, PM, SOS: answers of terminals, until BEL or ST. */
  | { readonly kind: 'string'; readonly escaped: boolean }
  | { readonly kind: 'paste'; readonly paste: Paste };

const nothing: Waiting = { kind: 'nothing' };

/**
 * Bytes of a terminal to keys: UTF-8, control characters, and the sequences of xterm, VT220, rxvt, the Linux console
 * and tmux. What is unknown is swallowed whole. Holds a bounded amount, whatever comes.
 */
export class KeyReader {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #waiting: Waiting = nothing;

  /** Keys that `bytes` complete. Sequences and characters may begin in one chunk and end in another. */
  read(bytes: Uint8Array): Key[] {
    const keys: Key[] = [];
    for (const character of this.#decoder.decode(bytes, { stream: true })) {
      for (const key of this.#take(character)) append(keys, key);
    }
    return keys;
  }

  /**
   * Milliseconds after which `expire` is to be called if no byte comes before; null when nothing hangs on time. A paste
   * has no limit: were it cut short, what is left of it would count as typed.
   */
  get timeoutMs(): number | null {
    const { kind } = this.#waiting;
    if (kind === 'nothing' || kind === 'paste') return null;
    return kind === 'escape' ? ESCAPE_TIMEOUT_MS : SEQUENCE_TIMEOUT_MS;
  }

  /** Gives up waiting: an ESC alone was the key, and a sequence that did not go on is forgotten. */
  expire(): Key[] {
    const { kind } = this.#waiting;
    if (kind === 'paste') return [];
    this.#waiting = nothing;
    return kind === 'escape' ? [named('escape')] : [];
  }

  #take(character: string): readonly Key[] {
    const waiting = this.#waiting;
    if (waiting.kind === 'paste') return this.#inPaste(waiting.paste, character);
    if (character === '\x1b') return this.#escape(waiting);
    if (waiting.kind === 'escape') return this.#afterEscape(waiting.alt, character);
    // Ctrl-C must work whatever came before: a control character ends a sequence and counts.
    if (isControl(character) && !(waiting.kind === 'string' && character === '\x07')) {
      this.#waiting = nothing;
      return one(controlKey(character));
    }
    return this.#within(waiting, character);
  }

  #escape(waiting: Waiting): readonly Key[] {
    if (waiting.kind === 'string') this.#waiting = { kind: 'string', escaped: true };
    else this.#waiting = { kind: 'escape', alt: waiting.kind === 'escape' };
    return [];
  }

  #afterEscape(alt: boolean, character: string): readonly Key[] {
    this.#waiting = begun(character, alt);
    return this.#waiting.kind === 'nothing' ? one(altKey(character)) : [];
  }

  #within(waiting: Exclude<Waiting, { kind: 'paste' | 'escape' }>, character: string): readonly Key[] {
    switch (waiting.kind) {
      case 'nothing':
        return [{ kind: 'text', text: character }];
      case 'control':
        return this.#inControlSequence(waiting.parameters, character, waiting.alt);
      case 'shift':
        if (/\d/.test(character)) {
          this.#waiting = { ...waiting, parameter: (waiting.parameter + character).slice(0, 2) };
          return [];
        }
        this.#waiting = nothing;
        return one(singleShift(waiting.parameter, character, waiting.alt));
      case 'swallow':
        this.#waiting =
          waiting.characters > 1 ? { kind: 'swallow', characters: waiting.characters - 1 } : nothing;
        return [];
      case 'string':
        if (waiting.escaped || character === '\x07') this.#waiting = nothing;
        return waiting.escaped && character !== '\\' ? this.#afterEscape(false, character) : [];
    }
  }

  #inControlSequence(parameters: string, character: string, alt: boolean): readonly Key[] {
    const swallowed = parameters === '' ? { '[': 1, M: 3 }[character] : undefined;
    if (swallowed !== undefined) {
      this.#waiting = { kind: 'swallow', characters: swallowed };
      return [];
    }
    const isFinal = /[@-~]/.test(character) || (character === '$' && /^\d+$/.test(parameters));
    if (!isFinal) {
      this.#waiting = { kind: 'control', parameters: grown(parameters, character), alt };
      return [];
    }
    const isPaste = parameters === '200' && character === '~';
    this.#waiting = isPaste ? { kind: 'paste', paste: new Paste() } : nothing;
    return one(controlSequence(parameters, character, alt));
  }

  #inPaste(paste: Paste, character: string): readonly Key[] {
    const key = paste.take(character);
    if (key !== null) this.#waiting = nothing;
    return one(key);
  }
}

function begun(character: string, alt: boolean): Waiting {
  if (character === '[') return { kind: 'control', parameters: '', alt };
  if (character === 'O') return { kind: 'shift', parameter: '', alt };
  return ']P_^X'.includes(character) ? { kind: 'string', escaped: false } : nothing;
}

/** A sequence of more parameters than any key has stays one of no meaning. */
function grown(parameters: string, character: string): string {
  return parameters.length < MAX_PARAMETERS_LENGTH
    ? parameters + character
    : '?'.repeat(MAX_PARAMETERS_LENGTH);
}

function one(key: Key | null): readonly Key[] {
  return key === null ? [] : [key];
}

/** Characters that came together are one key. */
function append(keys: Key[], key: Key): void {
  const last = keys.at(-1);
  if (key.kind === 'text' && last?.kind === 'text') {
    keys[keys.length - 1] = { kind: 'text', text: last.text + key.text };
  } else keys.push(key);
}
