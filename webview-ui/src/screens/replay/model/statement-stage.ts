import type { ReplayAction } from '../../../../../extension/contract/replay-messages.ts';
import type { Found } from './output-search.ts';
import type { Stage } from './stage.ts';

const EXCERPT = 80;

/** The statements of a database session: which one is shown follows from the time alone. */
export class StatementStage implements Stage {
  readonly #actions: () => readonly ReplayAction[];
  #atS = 0;

  constructor(actions: () => readonly ReplayAction[]) {
    this.#actions = actions;
  }

  async show(atS: number): Promise<number> {
    this.#atS = atS;
    return 0;
  }

  nextS(): number | null {
    return this.#actions().find(({ atS }) => atS > this.#atS)?.atS ?? null;
  }

  *search(words: string): Generator<readonly Found[]> {
    const wanted = words.toLowerCase();
    yield this.#actions()
      .filter(({ statement, decision }) => `${statement} ${decision.sentence}`.toLowerCase().includes(wanted))
      .map(({ atS, statement }) => ({ atS, excerpt: statement.replaceAll(/\s+/g, ' ').slice(0, EXCERPT) }));
  }

  dispose(): void {
    // It holds nothing.
  }
}
