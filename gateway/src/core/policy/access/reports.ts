import type { StatementKind } from '../../../../contract/facts.ts';
import type { Access, Subject, WhatReport, WhoReport } from '../../../../contract/policy-access.ts';
import type { Principal } from '../../../../contract/principal.ts';
import type { Target } from '../../../../contract/target.ts';
import type { Policy } from '../policy.ts';
import type { AccessPlace } from './access.ts';
import type { AskedSubject } from './concern.ts';

/** Kinds of which `what` tells for each relation. */
const TOLD: readonly StatementKind[] = ['select', 'insert', 'update', 'delete'];

/** Who may do something with a place: by group, and by name as far as people are known. */
export function whoReport(
  policy: Policy,
  target: Target,
  place: AccessPlace,
  people: readonly Principal[],
): WhoReport {
  const groups = policy.groups().map((name): [Subject, AskedSubject] => [
    { kind: 'group', name },
    { kind: 'members', groups: [name] },
  ]);
  const others: [Subject, AskedSubject] = [{ kind: 'others' }, { kind: 'members', groups: [] }];
  const known = people.map((principal): [Subject, AskedSubject] => [
    subjectOf(principal),
    { kind: 'known', principal },
  ]);
  const subjects = [...groups, others, ...known].map(([subject, asked]) => ({
    subject,
    access: policy.accessOf(target, place, asked),
  }));
  const named = subjects.filter(({ subject }) => subject.kind === 'person').map(({ access }) => access);
  const count = (is: (access: Access) => boolean): number => named.filter(is).length;
  return {
    policy: policy.version,
    target: target.name,
    schema: place.schema,
    relation: place.relation,
    columns: [...place.columns],
    doing: place.doing,
    subjects,
    people: {
      clear: count(({ outcome }) => outcome === 'clear'),
      masked: count(({ outcome }) => outcome === 'masked'),
      onlyWhen: count(({ outcome }) => outcome === 'onlyWhen'),
      no: count(({ outcome }) => outcome === 'no'),
      afterApproval: count(({ approval }) => approval !== null),
    },
  };
}

/** What somebody may do on a target; on each of its relations where they are known. */
export function whatReport(
  policy: Policy,
  target: Target,
  principal: Principal,
  relations: ReadonlyArray<Omit<AccessPlace, 'doing'>> | null,
): WhatReport {
  const asked: AskedSubject = { kind: 'known', principal };
  return {
    policy: policy.version,
    target: target.name,
    person: subjectOf(principal),
    rules: policy.rulesFor(target, asked),
    relations:
      relations?.map((relation) => {
        const access = TOLD.map(
          (doing) => [doing, policy.accessOf(target, { ...relation, doing }, asked)] as const,
        );
        const [read] = access;
        return {
          schema: relation.schema,
          relation: relation.relation,
          doing: Object.fromEntries(access.map(([doing, one]) => [doing, accessWord(one)])),
          masked: read?.[1].masks.map(({ column, mask }) => `${column}: ${mask}`) ?? [],
        };
      }) ?? null,
  };
}

/** "yes", "approval by dba", "when …", "no" */
export function accessWord({ outcome, approval, conditions }: Access): string {
  if (outcome === 'no') return 'no';
  if (approval !== null) return `approval by ${approval}`;
  const when = conditions.map(({ when: condition }) => condition ?? '').filter((part) => part !== '');
  return outcome === 'onlyWhen' ? `when ${when.join(' or ')}` : 'yes';
}

function subjectOf({ id, name, groups }: Principal): Subject {
  return { kind: 'person', id, name, groups };
}
