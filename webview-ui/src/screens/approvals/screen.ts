import type { ApprovalsView } from '../../../../extension/contract/approvals-messages.ts';
import type { Channel } from '../../../../extension/contract/channel.ts';
import type { BodyOf } from '../../../../extension/contract/protocol.ts';
import type { FormKind } from './model/inbox.ts';

/** Acts: all that the view may ask for and that answer with the request as it is then. */
export type ActName = Exclude<keyof ApprovalsView['requests'], 'ready' | 'history' | 'begin'>;

/** What the views may do. */
export type Screen = {
  readonly ask: Channel<ApprovalsView>['ask'];
  /** Does it, and says what came of it; true when it was done. */
  readonly act: <Name extends ActName>(name: Name, body: BodyOf<ApprovalsView, Name>) => Promise<boolean>;
  readonly select: (request: string) => void;
  readonly openForm: (form: FormKind | null) => void;
  readonly draft: (key: string, text: string | null) => void;
  readonly openHistory: (open: boolean) => void;
};
