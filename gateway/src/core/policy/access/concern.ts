import type { Principal } from '../../../../contract/principal.ts';
import type { CompiledRule } from '../compile/rule.ts';
import type { Rule, Who } from '../language/schema.ts';

/** Whose access is asked: somebody who is known, or whoever is in these groups and in no other. */
export type AskedSubject =
  | { kind: 'known'; principal: Principal }
  | { kind: 'members'; groups: readonly string[] };

/** Whether a rule is about somebody; `maybe`: what decides it isn't known of them, and `unless` says what. */
export type Concern = { kind: 'yes' } | { kind: 'no' } | { kind: 'maybe'; provided: string };

type Known = 'yes' | 'no' | 'maybe';

export function concernOf(rule: CompiledRule, subject: AskedSubject): Concern {
  if (subject.kind === 'known') return { kind: rule.concerns(subject.principal) ? 'yes' : 'no' };
  const { who, except } = rule.source;
  const included = who === 'everyone' ? 'yes' : anyOf([who].flat(), subject.groups);
  const excluded = except === undefined ? 'no' : anyOf([except].flat(), subject.groups);
  if (included === 'no' || excluded === 'yes') return { kind: 'no' };
  if (included === 'yes' && excluded === 'no') return { kind: 'yes' };
  const parts = [
    included === 'maybe' && who !== 'everyone' ? `they are ${whoWords(who)}` : '',
    excluded === 'maybe' && except !== undefined ? `they are not ${whoWords(except)}` : '',
  ];
  return { kind: 'maybe', provided: parts.filter((part) => part !== '').join(' and ') };
}

function anyOf(whos: readonly Who[], groups: readonly string[]): Known {
  const each = whos.map((who) => one(who, groups));
  if (each.includes('yes')) return 'yes';
  return each.includes('maybe') ? 'maybe' : 'no';
}

function one(who: Who, groups: readonly string[]): Known {
  if (who.groups !== undefined && !who.groups.some((group) => groups.includes(group))) return 'no';
  return who.users === undefined && who.claims === undefined && who.kinds === undefined ? 'yes' : 'maybe';
}

/** "everyone but groups dba" */
export function whomWords({ who, except }: Rule): string {
  const included = who === 'everyone' ? 'everyone' : whoWords(who);
  return except === undefined ? included : `${included} but ${whoWords(except)}`;
}

function whoWords(who: Who | Who[]): string {
  return [who].flat().map(oneInWords).join(' or ');
}

function oneInWords({ users, groups, kinds, claims = {} }: Who): string {
  const lines = [
    ...(users === undefined ? [] : [users.join(', ')]),
    ...(groups === undefined ? [] : [`in ${groups.join(', ')}`]),
    ...(kinds === undefined ? [] : [`a ${kinds.join(' or ')}`]),
    ...Object.entries(claims).map(([name, value]) => `with ${name} ${[value].flat().join(' or ')}`),
  ];
  return lines.join(', ');
}
