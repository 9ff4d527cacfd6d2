import type { Decision } from '../../../../contract/decision.ts';
import type { HostFacts } from '../../../../contract/host-facts.ts';
import type { OpenRecord } from '../../../core/flow/govern.ts';
import type { Session } from '../../../core/flow/session.ts';
import type { Status } from '../../../wire/ssh/sftp/reply.ts';
import type { NamingRequest } from '../../../wire/ssh/sftp/request.ts';
import { decidableDeed } from '../action.ts';
import { payloadOf, type SshServices } from '../context.ts';
import { Question } from '../question.ts';
import { told } from '../words.ts';
import { deedOf, type FileDeed, readingInstead } from './deeds.ts';
import type { FileOperation } from './operation.ts';
import type { Paths } from './paths.ts';

/** What was granted, and is done now. */
export type Opened = {
  operation: FileOperation;
  decision: Decision;
  record: OpenRecord;
  facts: HostFacts;
  /** As `FileGate.standing` was. */
  standing: string;
};

export type Permission =
  | ({ kind: 'granted' } & Opened)
  /** It may be done, and can't be: where it leads there is nothing. */
  | { kind: 'nowhere'; status: Status }
  | { kind: 'refused'; words: string }
  | { kind: 'abandoned' };

export type GateParts = {
  session: Session;
  account: string;
  services: SshServices;
  paths: Paths;
  /** Shows whoever asks for whom it waits. */
  tell: (words: string) => void;
};

/** Who may look at a file by reading it may also ask for its size. */
const LOOKS: ReadonlySet<NamingRequest['type']> = new Set<NamingRequest['type']>([
  'stat',
  'lstat',
  'realpath',
]);

/** Asks the flow whether something may be done to the files of a host. */
export class FileGate {
  readonly #parts: GateParts;
  readonly #asked = new Set<Question>();

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /**
   * @param left aborts when whoever asks for this alone has left
   * @throws SluiceError `record.unavailable`: the connection must end.
   */
  async ask(request: NamingRequest, left?: AbortSignal): Promise<Permission> {
    const { paths } = this.#parts;
    const deed = await deedOf(request, paths);
    const asked = LOOKS.has(request.type) ? this.#easier(deed, readingInstead(deed)) : deed;
    return this.askFor(asked, () => deedOf(request, paths), left);
  }

  /** @param again finds out anew what it would be, where somebody had to agree to it meanwhile */
  async askFor(deed: FileDeed, again: () => Promise<FileDeed>, left?: AbortSignal): Promise<Permission> {
    const { session, account, services, tell } = this.#parts;
    let wasHeld = false;
    const question = new Question(services, (words) => {
      wasHeld = true;
      tell(words);
    });
    if (left?.aborted) return { kind: 'abandoned' };
    this.#asked.add(question);
    // What can't be withdrawn now lapses.
    const leave = () => void question.abandon().catch(() => undefined);
    left?.addEventListener('abort', leave);
    const answer = await question.ask(decidableDeed({ session, account }, deed)).finally(() => {
      left?.removeEventListener('abort', leave);
      this.#asked.delete(question);
    });
    if (answer.kind === 'abandoned') return answer;
    if (answer.kind === 'refused') return { kind: 'refused', words: told(answer.sentence, answer.next) };
    const { grant, record } = answer;
    if (deed.nowhere !== null) {
      await record.close(FAILED);
      return { kind: 'nowhere', status: deed.nowhere };
    }
    const { operation } = payloadOf(grant, 'file');
    if (wasHeld && JSON.stringify((await again()).operation) !== JSON.stringify(operation)) {
      await record.close(FAILED);
      return { kind: 'refused', words: told(MOVED, 'Ask again.') };
    }
    const { decision } = grant;
    const standing = this.#standing(decision.policyVersion);
    return { kind: 'granted', operation, decision, record, facts: factsOf(deed, account), standing };
  }

  /** Another one once the policy is, or the groups and claims of whoever asks are. */
  get standing(): string {
    return this.#standing(this.#parts.services.policy.current().version);
  }

  /** Whether what was opened may go on, now that `standing` is another one. */
  stillHolds({ decision, facts }: Opened): boolean {
    const ruling = this.#decide(facts);
    if (ruling === null || ruling.outcome === 'block' || ruling.outcome === 'approve') return false;
    return JSON.stringify(ruling.detections ?? []) === JSON.stringify(decision.detections ?? []);
  }

  /** Nobody waits for the answers any more. */
  async abandon(): Promise<void> {
    await Promise.all([...this.#asked].map((question) => question.abandon()));
  }

  #standing(policyVersion: string): string {
    return `${policyVersion} ${this.#parts.session.principal.current()?.epoch ?? 'ended'}`;
  }

  /** The second where that runs at once and the first would not at all. */
  #easier(first: FileDeed, second: FileDeed): FileDeed {
    const [one, other] = [first, second].map((deed) => this.#decide(factsOf(deed, this.#parts.account)));
    const runsAtOnce = other?.outcome === 'allow' || other?.outcome === 'mask';
    return one?.outcome === 'block' && runsAtOnce ? second : first;
  }

  #decide(facts: HostFacts): Decision | null {
    const { session, services } = this.#parts;
    const principal = session.principal.current();
    if (principal === null) return null;
    const { target, network } = session;
    return services.policy.current().decide({ facts, principal, target, network, at: services.now() })
      .decision;
  }
}

function factsOf({ uses, readOnly }: FileDeed, account: string): HostFacts {
  return { protocol: 'ssh', account, uses, readOnly, unknowns: [] };
}

const MOVED = 'What you asked for leads elsewhere than it did when it was approved.';
const FAILED = { status: 'failed', sqlState: null, rows: 0, bytes: 0, durationMs: 0 } as const;
