import { ReplayReport } from '../../../../../gateway/contract/policy-replay.ts';

type Change = {
  kind: string;
  direction: string;
  before: string;
  after: string;
  detail: string;
  rule: string;
};

const CHANGES: readonly Change[] = [
  {
    kind: 'maskAdded',
    direction: 'stricter',
    before: 'allow',
    after: 'mask',
    detail: 'public.customers.phone: clear → token',
    rule: 'phones-tokenised',
  },
  {
    kind: 'nowBlocked',
    direction: 'stricter',
    before: 'allow',
    after: 'block',
    detail: '',
    rule: 'no-deletes',
  },
  {
    kind: 'maskRemoved',
    direction: 'looser',
    before: 'mask',
    after: 'allow',
    detail: 'public.customers.email: domain → clear',
    rule: 'emails-show-the-domain',
  },
  {
    kind: 'otherApprovers',
    direction: 'other',
    before: 'approve',
    after: 'approve',
    detail: '1 of any dba → 1 of any leads',
    rule: 'changes-ask',
  },
];

/** For tests: a report of groups with as many listed statements each; the nth group changes in the nth way. */
export function aReport(groups: number, examples: number, changes: object = {}): ReplayReport {
  const rule = (id: string) => ({ id, owner: 'data-protection@shop.example', because: `Because of ${id}.` });
  const of = (index: number): Change => CHANGES[index % CHANGES.length] as Change;
  const used = CHANGES.slice(0, Math.min(groups, CHANGES.length));
  const total = groups * (examples + 2);
  return ReplayReport.parse({
    candidate: 'c'.repeat(64),
    base: 'b'.repeat(64),
    from: '2026-03-01T08:00:00.000Z',
    until: '2026-03-08T08:00:00.000Z',
    read: total + 100,
    replayed: total + 60,
    changed: total,
    cannotReplay: { withoutQuestion: 30, notUnderstood: 10, unreadable: 0 },
    refusedOtherwise: 1,
    changes: Object.fromEntries(used.map(({ kind }) => [kind, examples + 2])),
    ways: used.map(({ kind, direction }, index) => ({
      kind,
      direction,
      count: (examples + 2) * (index + 1),
    })),
    looser: groups > 2 ? 17 : 0,
    rules: used.map((change) => ({ ...rule(change.rule), count: 1 })),
    groupsLeftOut: 0,
    differences: used.map((change) => ({
      before: {
        outcome: change.before,
        sentence: 'What stood there before.',
        rules: [rule('developers-read')],
      },
      after: { outcome: change.after, sentence: `By rule ${change.rule}.`, rules: [rule(change.rule)] },
      changes: [
        { kind: change.kind, direction: change.direction, detail: change.detail, rules: [change.rule] },
      ],
    })),
    groups: Array.from({ length: groups }, (_, index) => {
      const { rule: id, ...change } = of(index);
      return {
        ...change,
        target: 'shop',
        shape: `select public.customers (email, phone) ${index}`,
        rules: [rule(id)],
        count: examples + 2,
        people: 2,
        examples: Array.from({ length: examples }, (_, n) => ({
          record: `r-${index}-${n}`,
          session: `s-${n}`,
          at: '2026-03-04T10:12:09.114Z',
          who: n % 2 === 0 ? 'Ana Ruiz' : 'Bea Lind',
          statement: `select email, phone\nfrom customers where id = ${n}`,
          isCut: false,
          difference: index % CHANGES.length,
          before: 'What stood there before.',
          after: `By rule ${id}.`,
        })),
      };
    }),
    ...changes,
  });
}
