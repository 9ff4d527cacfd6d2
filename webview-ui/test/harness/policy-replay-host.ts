import { openChannel } from '../../../extension/contract/channel.ts';
import {
  type PolicyReplayState,
  type PolicyReplayStatus,
  policyReplayHost,
  policyReplayView,
} from '../../../extension/contract/policy-replay-messages.ts';
import { SluiceError } from '../../../gateway/contract/error.ts';
import { aReport } from '../../src/screens/policy-replay/model/report.fixture.ts';
import { hostInThisWindow } from './same-window.ts';

declare global {
  interface Window {
    /** The host tells of another step. */
    tellStatus: (status: PolicyReplayStatus) => void;
    /** The policy is edited. */
    tellStale: () => void;
  }
}

const HOSTILE = '<img src=x onerror="document.title = 1"><script>document.title = 2</script>\u202e';

const done = (report: ReturnType<typeof aReport>): PolicyReplayStatus => ({
  kind: 'done',
  report,
  isCut: false,
});

const asking = { kind: 'asking', isWaiting: false, read: 0, changed: 0, backTo: null } as const;

/** What the host says at first, by name. */
const scenarios: Readonly<Record<string, () => PolicyReplayStatus>> = {
  some: () => done(aReport(4, 6)),
  many: () => done(aReport(80, 400)),
  nothing: () =>
    done(
      aReport(0, 0, { changed: 0, cannotReplay: { withoutQuestion: 0, notUnderstood: 0, unreadable: 0 } }),
    ),
  'no-records': () => done(aReport(0, 0, { read: 0, replayed: 0, changed: 0, from: null, until: null })),
  hostile: () => {
    const report = aReport(1, 1);
    const [group] = report.groups;
    const examples = (group?.examples ?? []).map((one) => ({ ...one, who: HOSTILE, statement: HOSTILE }));
    const rules = (group?.rules ?? []).map((rule) => ({ ...rule, owner: HOSTILE, because: HOSTILE }));
    return done({
      ...report,
      groups: group === undefined ? [] : [{ ...group, examples, rules, detail: HOSTILE, shape: HOSTILE }],
    });
  },
  asking: () => ({ ...asking, read: 12_400, changed: 31, backTo: '2026-03-03T10:00:00.000Z' }),
  waiting: () => ({ ...asking, isWaiting: true }),
  invalid: () => ({
    kind: 'invalid',
    problems: [
      { file: 'shop.yaml', line: 12, column: 5, what: 'write "then": allow, block, or a mapping' },
      { file: 'masks/pii.yaml', line: 1, column: 1, what: `there is no tag ${HOSTILE}` },
    ],
  }),
  denied: () => ({
    kind: 'failed',
    message: 'Only admins and auditors may ask what policies do for others.',
    next: 'Ask one of them.',
    needsSignIn: false,
  }),
  'signed-out': () => ({
    kind: 'failed',
    message: 'You are signed out.',
    next: 'Run “Sluice: Sign In”.',
    needsSignIn: true,
  }),
  cancelled: () => ({ kind: 'cancelled' }),
};

const query = new URLSearchParams(location.search);
window.journal = { clipboard: '', calls: [], malformed: [] };
let state: PolicyReplayState = {
  name: 'policy',
  files: [
    { file: 'shop.yaml', isUnsaved: true },
    { file: 'masks/pii.yaml', isUnsaved: false },
  ],
  choice: { span: 'week', targets: [], against: 'inForce', dryRun: false },
  status: scenarios[query.get('scenario') ?? 'some']?.() ?? asking,
  isStale: false,
};

const transport = hostInThisWindow();

function noted(type: string) {
  return (body: unknown): Record<string, never> => {
    window.journal.calls.push({ type, body });
    return {};
  };
}

const channel = openChannel({
  transport,
  mine: policyReplayHost,
  theirs: policyReplayView,
  onMalformed: (error) => window.journal.malformed.push(String(error)),
  handlers: {
    events: {},
    requests: {
      ready: () => state,
      run: (choice) => {
        state = { ...state, choice, isStale: false };
        return noted('run')(choice);
      },
      cancel: noted('cancel'),
      signIn: noted('signIn'),
      openAction: noted('openAction'),
      openFile: noted('openFile'),
      export: () => {
        throw new SluiceError('request.invalid', 'The disk is full.', 'Choose another place.');
      },
    },
  },
});

window.tellStatus = (status) => {
  state = { ...state, status };
  channel.tell('state', state);
};
window.tellStale = () => channel.tell('stale', {});
