import type { Channel } from '../../../../../extension/contract/channel.ts';
import type { ReplaySession, ReplayView } from '../../../../../extension/contract/replay-messages.ts';
import type { Store } from '../../../store.ts';
import { otherSpeed, playedTo, type Speed } from './clock.ts';
import { entryAt, entryNext, entryOfAction, entryOfMarker, MAX_ENTRIES } from './entries.ts';
import { NO_SEARCH, type ReplayState } from './state.ts';
import { StatementStage } from './statement-stage.ts';
import type { TerminalStage } from './terminal-stage.ts';

const MAX_FOUND = 1_000;
/** A search lets others have their turn so often. */
const TURN_MS = 8;
/** A little after something, so that it is on the screen. */
const AFTER_S = 0.001;
/** A database session ends so long after its last statement: there is something to look at. */
const REST_S = 3;

export type ReplayOptions = {
  store: Store<ReplayState>;
  ask: Channel<ReplayView>['ask'];
  newTerminal: () => Promise<TerminalStage>;
  /** Says a sentence to who cannot see. */
  announce: (sentence: string) => void;
  /** Milliseconds from a clock that nobody sets. */
  now: () => number;
  /** Calls once, when the screen may be drawn again. */
  onFrame: (draw: () => void) => void;
};

/** Plays one session: all that the keys and the buttons do. */
export class Replay {
  readonly #options: ReplayOptions;
  readonly #statements = new StatementStage(() => this.#state.session?.actions ?? []);
  #terminal: TerminalStage | null = null;
  #wantedS: number | null = null;
  #isMoving = false;
  #lastFrameMs = 0;
  /** Grows with each recording that is opened, and with each search. */
  #opened = 0;
  /** Where to go once so much of the recording has come. */
  #awaitedS: number | null = null;
  #searched = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  /** The screen to draw; null for a database session. */
  get terminal(): TerminalStage['terminal'] | null {
    return this.#terminal?.terminal ?? null;
  }

  async begin(session: ReplaySession): Promise<void> {
    this.update(session);
    const [terminal] = session.terminals;
    if (session.kind === 'terminal' && terminal !== undefined) await this.openTerminal(terminal);
    else await this.seek(session.actions[0]?.atS ?? 0);
  }

  /** There is more of the session. */
  update(session: ReplaySession): void {
    this.#change({ session });
    if (session.kind === 'terminal') return;
    const entries = session.actions.slice(0, MAX_ENTRIES).map(entryOfAction);
    const knownS = (session.actions.at(-1)?.atS ?? 0) + REST_S;
    this.#change({ entries, knownS, tape: session.isLive ? 'live' : 'ended' });
    if (this.#state.follows) void this.seek(knownS);
  }

  async openTerminal(terminal: number): Promise<void> {
    this.#opened += 1;
    this.#awaitedS = null;
    const opened = this.#opened;
    this.#terminal?.dispose();
    this.#terminal = await this.#options.newTerminal();
    const { isLive = false } = this.#state.session ?? {};
    this.#change({
      terminal,
      entries: [],
      atS: 0,
      knownS: 0,
      tape: 'recorded',
      search: NO_SEARCH,
      failure: '',
    });
    this.#change({ follows: isLive, isPlaying: false });
    await this.#options.ask('open', { terminal });
    while (opened === this.#opened && this.#state.tape !== 'ended') await this.#take(this.#terminal);
  }

  /** Goes where an action happened, once it is known: the rest of a recording may be under way. */
  async showAction(record: string, terminal: number | null): Promise<void> {
    const action = this.#state.session?.actions.find(({ id }) => id === record);
    if (action === undefined) return;
    this.#change({ follows: false, isPlaying: false });
    const isElsewhere = terminal !== null && terminal !== this.#state.terminal;
    const opening = isElsewhere ? this.openTerminal(terminal) : undefined;
    this.#awaitedS = action.atS + AFTER_S;
    await (opening ?? this.#goToAwaited());
  }

  toggle(): void {
    if (this.#state.isPlaying) {
      this.#change({ isPlaying: false, follows: false });
      return;
    }
    const isAtEnd = this.#state.atS >= this.#state.knownS && this.#state.tape !== 'live';
    if (isAtEnd) void this.seek(0);
    this.#lastFrameMs = this.#options.now();
    this.#change({ isPlaying: true });
    this.#options.onFrame(() => this.#frame());
  }

  /** Shows another time. Of several jumps that are asked for at once only the last is made. */
  async seek(atS: number): Promise<void> {
    const { knownS, tape } = this.#state;
    const toS = Math.max(0, Math.min(atS, knownS));
    this.#change({ follows: tape === 'live' && toS >= knownS });
    await this.#move(toS);
  }

  seekBy(seconds: number): void {
    void this.seek(this.#state.atS + seconds);
  }

  /** Jumps to the marker before or after. */
  seekMarker(by: 1 | -1): void {
    const entry = entryNext(this.#state.entries, this.#state.atS, by);
    if (entry === null) this.#options.announce(by === 1 ? 'No marker follows.' : 'No marker before.');
    else this.showEntry(this.#state.entries.indexOf(entry));
  }

  showEntry(index: number): void {
    const entry = this.#state.entries[index];
    if (entry === undefined) return;
    void this.seek(entry.atS + AFTER_S);
    this.#options.announce(`${entry.kind}: ${entry.text}`);
  }

  setSpeed(speed: Speed): void {
    this.#change({ speed });
  }

  changeSpeed(by: 1 | -1): void {
    const speed = otherSpeed(this.#state.speed, by);
    this.#change({ speed });
    this.#options.announce(`Speed ${speed}.`);
  }

  skipIdle(skipsIdle: boolean): void {
    this.#change({ skipsIdle });
  }

  /** Goes to what happens now, and on with it. */
  follow(): void {
    this.#change({ follows: true, isPlaying: false });
    void this.#move(this.#state.knownS);
  }

  openSearch(isOpen: boolean): void {
    this.#searched += 1;
    this.#change({ search: { ...NO_SEARCH, isOpen } });
  }

  async search(words: string): Promise<void> {
    this.#searched += 1;
    const searched = this.#searched;
    this.#find({ words, found: [], shown: -1, isSearching: words !== '' });
    if (words === '') return;
    let turnMs = this.#options.now();
    for (const some of (this.#terminal ?? this.#statements).search(words)) {
      if (searched !== this.#searched) return;
      const { found } = this.#state.search;
      if (some.length > 0) this.#find({ found: [...found, ...some].slice(0, MAX_FOUND) });
      if (this.#state.search.shown < 0) this.showFound(0);
      if (found.length >= MAX_FOUND) break;
      if (this.#options.now() - turnMs < TURN_MS) continue;
      await new Promise((turn) => setTimeout(turn));
      turnMs = this.#options.now();
    }
    if (searched !== this.#searched) return;
    this.#find({ isSearching: false });
    const { length } = this.#state.search.found;
    this.#options.announce(length === 1 ? 'Found once.' : `Found ${length} times.`);
  }

  showFound(index: number): void {
    const { found } = this.#state.search;
    const shown = (index + found.length) % Math.max(found.length, 1);
    const one = found[shown];
    if (one === undefined) return;
    this.#find({ shown });
    void this.seek(one.atS + AFTER_S);
  }

  get #state(): ReplayState {
    return this.#options.store.get();
  }

  #change(part: Partial<ReplayState>): void {
    this.#options.store.update((state) => ({ ...state, ...part }));
  }

  #find(part: Partial<ReplayState['search']>): void {
    this.#change({ search: { ...this.#state.search, ...part } });
  }

  /** Takes in what follows of a recording. */
  async #take(stage: TerminalStage): Promise<void> {
    const opened = this.#opened;
    const { lines, at } = await this.#options.ask('read', {});
    if (opened !== this.#opened) return;
    const fresh: ReplayState['entries'][number][] = [];
    await stage.append(lines, (event) => {
      if (event.kind === 'marker') fresh.push(entryOfMarker(event.atS, event.text));
    });
    if (opened !== this.#opened) return;
    this.#nameBy(stage);
    const { entries, knownS, atS } = this.#state;
    const known = fresh.length === 0 ? entries : [...entries, ...fresh].slice(0, MAX_ENTRIES);
    this.#change({ knownS: stage.endS, tape: at, entries: known });
    if (this.#awaitedS !== null) await this.#goToAwaited();
    else if (this.#state.follows) await this.#move(stage.endS);
    else if (knownS === 0) await this.#move(atS);
  }

  async #goToAwaited(): Promise<void> {
    const atS = this.#awaitedS;
    const { knownS, tape, session } = this.#state;
    if (atS === null || (knownS < atS && tape === 'recorded' && session?.kind === 'terminal')) return;
    this.#awaitedS = null;
    await this.seek(atS);
  }

  /** A session that no record tells of is known by its recording alone. */
  #nameBy({ header }: TerminalStage): void {
    const { session } = this.#state;
    if (session === null || session.who !== '' || header?.sluice === undefined) return;
    const { principal: who, target } = header.sluice;
    const startedAt = new Date((header.timestamp ?? 0) * 1000).toISOString();
    this.#change({ session: { ...session, who, target, startedAt } });
  }

  #frame(): void {
    const { isPlaying, atS, knownS, tape, speed, skipsIdle } = this.#state;
    if (!isPlaying) return;
    const nowMs = this.#options.now();
    const stage = this.#terminal ?? this.#statements;
    const toS = playedTo(atS, nowMs - this.#lastFrameMs, stage.nextS(), { speed, skipsIdle });
    this.#lastFrameMs = nowMs;
    if (toS >= knownS) this.#change({ isPlaying: tape === 'recorded', follows: tape === 'live' });
    void this.#move(Math.min(toS, knownS)).then(() => this.#options.onFrame(() => this.#frame()));
  }

  async #move(toS: number): Promise<void> {
    this.#wantedS = toS;
    if (this.#isMoving) return;
    this.#isMoving = true;
    try {
      while (this.#wantedS !== null) {
        const wantedS: number = this.#wantedS;
        this.#wantedS = null;
        const beganMs = this.#options.now();
        const events = await (this.#terminal ?? this.#statements).show(wantedS);
        const jump = { ms: this.#options.now() - beganMs, events };
        this.#change({ atS: wantedS, drawn: this.#state.drawn + 1, jump });
      }
    } finally {
      this.#isMoving = false;
    }
    if (this.#terminal === null) await this.#showAnswer();
  }

  /** Asks for the result of the statement that is shown. */
  async #showAnswer(): Promise<void> {
    const action = this.#state.session?.actions[entryAt(this.#state.entries, this.#state.atS)];
    if (action === undefined || action.id === this.#state.answer?.record) return;
    if (!action.hasAnswer) return this.#change({ answer: null });
    const answer = await this.#options.ask('answer', { record: action.id });
    this.#change({ answer: { record: action.id, answer } });
  }
}
