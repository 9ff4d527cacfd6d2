import type { Channel } from '../../../../extension/contract/channel.ts';
import type { ResultsView } from '../../../../extension/contract/results-messages.ts';
import type { Arrangement } from '../../../../extension/contract/results-state.ts';
import type { GridUi } from '../../../../extension/contract/results-ui.ts';

/** What the views may do: ask the host, and change what they share. */
export type Screen = {
  readonly ask: Channel<ResultsView>['ask'];
  /** Waits for a question and tells its failure; `said` gives the sentence for its success, if any. */
  readonly attempt: <Reply>(question: Promise<Reply>, said?: (reply: Reply) => string | null) => void;
  /** Tells a failure in its own words, unless the view is going away. */
  readonly failed: (error: unknown) => void;
  /** Says something to people who listen, and shows it for a while. */
  readonly announce: (sentence: string) => void;
  readonly chooseRun: (run: string) => void;
  readonly chooseTab: (run: string, key: string) => void;
  readonly keepGrid: (set: string, grid: GridUi) => void;
  readonly openDetail: (open: boolean) => void;
  readonly arranged: (set: string, arrangement: Arrangement) => void;
};
