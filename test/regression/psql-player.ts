import { psqlArguments } from './psql-arguments.ts';
import { PsqlLexer } from './psql-lexer.ts';
import type { Answer, ServerSession } from './server-session.ts';

/** A statement as psql sends it. */
export type Sent = { file: string; line: number; text: string };

export type Stage = {
  /** As psql's \connect does: a fresh session, as this role when one is named. */
  connect(role: string | null): Promise<ServerSession>;
  /** Environment variables that \getenv reads. */
  environment: Readonly<Record<string, string>>;
  /** Called before each statement. False leaves it unsent. */
  sending(sent: Sent, session: ServerSession): Promise<boolean>;
  answered(sent: Sent, answer: Answer): void;
};

const SENDS = new Set(['g', 'gx', 'gset', 'gexec', 'gdesc', 'crosstabview', 'watch', 'sendpipeline', 'bind']);
const NO_ANSWER: Answer = { error: null, columns: [], rows: [], lost: false };
/** \gexec of a hostile answer would never end. */
const MAX_GENERATED = 500;

/** Plays one psql script against a server: variables, conditions, and psql's ways to send a statement. */
export class PsqlPlayer {
  readonly #stage: Stage;
  readonly #file: string;
  readonly #lexer: PsqlLexer;
  readonly #variables = new Map<string, string>();
  /** For each \if that is open: whether this branch runs, and whether one has run already. */
  readonly #branches: { runs: boolean; ran: boolean }[] = [];
  #session: ServerSession;
  #parameters: string[] | null = null;
  #statementLine = 1;

  private constructor(stage: Stage, file: string, text: string, session: ServerSession) {
    this.#stage = stage;
    this.#file = file;
    this.#lexer = new PsqlLexer(text);
    this.#session = session;
  }

  static async play(stage: Stage, file: string, text: string): Promise<void> {
    const player = new PsqlPlayer(stage, file, text, await stage.connect(null));
    try {
      await player.#play();
    } finally {
      await player.#session.close();
    }
  }

  async #play(): Promise<void> {
    for (;;) {
      if (this.#lexer.buffer === '') this.#statementLine = this.#lexer.line;
      const stop = this.#lexer.read(this.#variables);
      if (stop === 'command') {
        if ((await this.#commands()) === 'quit') return;
        continue;
      }
      await this.#sendBuffer();
      if (stop === 'end') return;
    }
  }

  /** The commands of the rest of this line. */
  async #commands(): Promise<'on' | 'quit'> {
    let line = this.#lexer.restOfLine();
    while (line.startsWith('\\')) {
      const name = /^\\([A-Za-z_]*[+x]?|[!?])/.exec(line)?.[1] ?? '';
      const { words, rest } = psqlArguments(line.slice(1 + name.length), this.#variables);
      if (this.#branch(name, words)) {
        line = rest.trimStart();
        continue;
      }
      if (!this.#runs) return 'on';
      if (name === 'q' || name === 'quit') return 'quit';
      await this.#command(name, words);
      line = rest.trimStart();
    }
    return 'on';
  }

  async #command(name: string, words: readonly string[]): Promise<void> {
    const [first, ...others] = words;
    switch (name) {
      case 'set':
        if (first !== undefined) this.#variables.set(first, others.join(''));
        return;
      case 'unset':
        this.#variables.delete(first ?? '');
        return;
      case 'getenv':
        this.#variables.set(first ?? '', this.#stage.environment[others[0] ?? ''] ?? '');
        return;
      case 'r':
      case 'reset':
        this.#lexer.clear();
        return;
      case 'c':
      case 'connect': {
        const role = others[0] ?? '-';
        await this.#session.close();
        this.#session = await this.#stage.connect(role === '-' ? null : role);
        return;
      }
      case 'bind':
        this.#parameters = [...words];
        return;
      case 'bind_named':
        this.#parameters = null;
        this.#lexer.clear();
        return;
      case 'parse':
        await this.#sendBuffer([]);
        return;
      case 'gset':
        return this.#keep(await this.#sendBuffer(), first ?? '');
      case 'gexec':
        return this.#generated(await this.#sendBuffer());
      default:
        if (SENDS.has(name)) await this.#sendBuffer();
    }
  }

  /** Follows \if and its kin; true when it was one of them. */
  #branch(name: string, words: readonly string[]): boolean {
    const innermost = this.#branches.at(-1);
    const outer = this.#branches.slice(0, -1).every(({ runs }) => runs);
    const holds = () => /^(t(rue)?|on|yes|1)$/i.test(words.join(' '));
    switch (name) {
      case 'if': {
        const runs = this.#runs && holds();
        this.#branches.push({ runs, ran: runs });
        return true;
      }
      case 'elif':
      case 'else':
        if (innermost === undefined) return true;
        innermost.runs = outer && !innermost.ran && (name === 'else' || holds());
        innermost.ran ||= innermost.runs;
        return true;
      case 'endif':
        this.#branches.pop();
        return true;
      default:
        return false;
    }
  }

  get #runs(): boolean {
    return this.#branches.every(({ runs }) => runs);
  }

  async #sendBuffer(parameters: readonly string[] | null = this.#parameters): Promise<Answer> {
    const text = this.#lexer.buffer.trim();
    this.#lexer.clear();
    this.#parameters = null;
    if (text === '' || !this.#runs) return NO_ANSWER;
    return this.#send(text, parameters);
  }

  async #send(text: string, parameters: readonly string[] | null): Promise<Answer> {
    const sent = { file: this.#file, line: this.#statementLine, text };
    if (!(await this.#stage.sending(sent, this.#session))) return NO_ANSWER;
    const answer =
      parameters === null
        ? await this.#session.run(text, () => this.#lexer.copyData())
        : await this.#session.runWith(text, parameters);
    this.#stage.answered(sent, answer);
    if (answer.lost) this.#session = await this.#stage.connect(null);
    return answer;
  }

  #keep({ columns, rows }: Answer, prefix: string): void {
    const [row] = rows;
    if (row === undefined) return;
    for (const [index, column] of columns.entries()) this.#variables.set(prefix + column, row[index] ?? '');
  }

  async #generated({ rows }: Answer): Promise<void> {
    const texts = rows.flat().filter((text) => text !== null);
    for (const text of texts.slice(0, MAX_GENERATED)) await this.#send(text, null);
  }
}
