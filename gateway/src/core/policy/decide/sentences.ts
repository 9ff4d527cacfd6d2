import { approversInWords } from '../../../../contract/ask.ts';
import type { CountedRule } from '../../../../contract/decision.ts';
import type { ColumnLookup, RelationRef, SqlFacts } from '../../../../contract/facts.ts';
import type { AskingRule } from '../compile/rule.ts';
import { isAboutHost, type Question, type SqlQuestion } from '../policy.ts';
import { adviceFor } from './advice.ts';
import type { Gap } from './coverage.ts';
import type { ChosenDetections } from './detections.ts';
import { doingWords } from './doing-words.ts';
import type { ChosenMask, Errored } from './masks.ts';
import type { Led } from './match.ts';
import type { ChosenFilter, Unfiltered } from './rows.ts';
import { selectorOf, useWords } from './use-words.ts';

/** What a decision tells people: what happened and why, and what to do next. */
export type Told = { sentence: string; next: string };

const MAX_NAMED = 4;

export function unknowns(sentences: readonly string[]): Told {
  return {
    sentence: `Blocked, because not all of it is understood: ${sentences.map(withoutStop).join('; ')}.`,
    next: [...new Set(sentences.map(adviceFor))].join(' '),
  };
}

export function blockedByRules(rules: readonly CountedRule[], led: readonly Led[]): Told {
  const [first] = rules;
  const sentence = `Blocked by ${named(rules)}: ${rules.map((rule) => withoutStop(rule.because)).join('; ')}.`;
  return {
    sentence: `${sentence}${ledPart(rules, led)}`,
    next: `If you need it all the same, ask ${first?.owner ?? 'an admin'}, who owns the rule.`,
  };
}

export function errored(errors: readonly Errored[]): Told {
  const told = errors.map(({ rule, why }) => `${rule.id} (${withoutStop(why)})`);
  const owners = [...new Set(errors.map(({ rule }) => rule.owner))];
  return {
    sentence: `Blocked, because the condition of ${plural(errors.length, 'rule')} ${list(told)} could not be evaluated.`,
    next: `Tell ${list(owners)}: the condition needs mending.`,
  };
}

export function noAccess({ principal, target }: Question): Told {
  return {
    sentence: `Blocked: no rule of the policy lets ${principal.name} use ${target.name}.`,
    next: `Ask an admin of the policy for access; your groups are ${groups(principal.groups)}.`,
  };
}

export function uncovered({ principal, target }: Question, gaps: readonly Gap[]): Told {
  const [first] = gaps;
  const what = [...new Set(gaps.map(describeGap))];
  const kinds = [...new Set(gaps.map((gap) => ('use' in gap ? gap.use.kind : gap.effect.kind)))];
  const place = first === undefined ? null : placeOf(first);
  const where = place === null ? '' : `, on ${place.word} [${place.name}${gaps.length > 1 ? ', …' : ''}]`;
  return {
    sentence: `Blocked: no rule lets you ${list(what)} on ${target.name}.`,
    next: `It needs a rule for one of your groups (${groups(principal.groups)}) that allows doing [${kinds.join(', ')}]${where}; ask an admin of the policy.`,
  };
}

/** Why a rule is about a relation that the statement doesn't name. */
function ledPart(rules: readonly CountedRule[], led: readonly Led[]): string {
  const ways = led.filter(({ rule }) => rules.includes(rule)).map(wayWords);
  return ways.length === 0 ? '' : ` It is not named, but ${list([...new Set(ways)])}.`;
}

function wayWords({ effect: { kind, named: by, relation }, way }: Led): string {
  if (way === null) return `what it does with ${spoken(by)} would ${doingWords(kind).to} ${spoken(relation)}`;
  const used = `${spoken(relation)}.${way.column}`;
  const through = way.path.length === 0 ? '' : `, through ${way.path.map(spoken).join(' and ')}`;
  const what = way.as === null ? `${spoken(way.by)} looks at` : `${spoken(way.by)}.${way.as} comes from`;
  return `${what} ${used}${through}`;
}

export function needsApproval(asking: readonly AskingRule[], led: readonly Led[]): Told {
  const rules = asking.map((rule) => rule.counted);
  const reasons = rules.map((rule) => withoutStop(rule.because)).join('; ');
  const approvers = approversInWords(asking.map(({ ask }) => ask));
  return {
    sentence: `Needs approval by ${approvers}, as ${named(rules)} ${rules.length === 1 ? 'asks' : 'ask'}: ${reasons}.${ledPart(rules, led)}`,
    next: `It waits until ${approvers} agreed; cancel it to withdraw the request.`,
  };
}

/** What is masked, which rows are there, and what is looked up all the same. */
export function restricted(
  question: Question,
  masks: readonly ChosenMask[],
  rows: readonly ChosenFilter[],
  lookups: readonly ColumnLookup[],
): Told {
  if (isAboutHost(question)) return { sentence: 'Allowed.', next: '' };
  const parts = [
    maskedPart(question.facts, masks),
    ...rowsPart(question, rows),
    lookups.length === 0
      ? ''
      : `looks up by ${list([...new Set(lookups.map(({ column }) => column.column))])}`,
  ].filter((part) => part !== '');
  if (parts.length === 0) return { sentence: 'Allowed; none of the columns it shows is masked.', next: '' };
  return { sentence: `Allowed, ${parts.join('; ')}.`, next: '' };
}

function maskedPart(facts: SqlFacts, masks: readonly ChosenMask[]): string {
  const shown = new Set(facts.disclosed.map(columnKey));
  const seen = masks.filter(({ mask }) => shown.has(columnKey(mask.column)));
  if (seen.length === 0) return '';
  const rules = [...new Set(masks.map(({ rule }) => rule))];
  const names = seen.map(({ mask }) => `${mask.column.relation}.${mask.column.column}`);
  return `with ${countOf(seen)} masked by ${named(rules)}: ${list(names)}`;
}

/** Filters of what the statement names, and other ones of what that reads: partitions have their table's. */
function rowsPart({ facts, through }: SqlQuestion, rows: readonly ChosenFilter[]): string[] {
  if (rows.length === 0) return [];
  const using = (used: readonly RelationRef[]) => {
    const keys = new Set(used.map(relationKey));
    return rows.filter(({ filter }) => keys.has(relationKey(filter.relation)));
  };
  const own = using([...facts.reads, ...facts.writes]);
  const told = new Set(own.map(filterKey));
  const behind = using(through.filter(({ by }) => by === 'select'));
  const others = Map.groupBy(behind, filterKey);
  for (const key of told) others.delete(key);
  return [...own.map((chosen) => [chosen]), ...others.values()].flatMap(onlyRows);
}

/** @param alike filters of one rule that have the same condition */
function onlyRows(alike: readonly ChosenFilter[]): string[] {
  const tables = [...new Set(alike.map(({ filter }) => filter.relation.relation))];
  return alike
    .slice(0, 1)
    .map(({ filter, rule }) => `only rows of ${list(tables)} where ${filter.condition} (${named([rule])})`);
}

const filterKey = ({ filter, rule }: ChosenFilter): string => JSON.stringify([rule.id, filter.condition]);

/** A row filter that can't be told for somebody shows them nothing. */
export function unfiltered({ rule, relation, why }: Unfiltered): Told {
  return {
    sentence: `Blocked, because ${named([rule])} picks the rows of ${relation.schema}.${relation.relation} that are there for you, and ${why}.`,
    next: `Tell ${rule.owner}: the claim or the rule needs mending.`,
  };
}

/** What is looked for in the values that are shown. */
export function detected(detections: ChosenDetections['detections']): string {
  const what = [...new Set(detections.flatMap(({ detection }) => detection.detect))];
  return `What detectors find in it is replaced (${list(what)}; ${named(detections.map(({ rule }) => rule))}).`;
}

export function allowed(allows: readonly CountedRule[]): Told {
  if (allows.length === 0) return { sentence: 'Allowed: it touches no data of the target.', next: '' };
  return { sentence: `Allowed by ${named(allows)}.`, next: '' };
}

/** What a rule would name to be about it. */
function placeOf(gap: Gap): { word: string; name: string } | null {
  if ('use' in gap) return selectorOf(gap.use);
  const { relation } = gap.effect;
  return relation === null ? null : { word: 'tables', name: spoken(relation) };
}

function describeGap(gap: Gap): string {
  if ('use' in gap) return useWords(gap.use);
  const { effect, column } = gap;
  const verb = doingWords(effect.kind);
  if (effect.relation === null) return verb.alone;
  const relation = `${effect.relation.schema}.${effect.relation.relation}`;
  return `${verb.to} ${relation}${column === null ? '' : `.${column.column}`}`;
}

function spoken({ schema, relation }: RelationRef): string {
  return `${schema}.${relation}`;
}

function relationKey({ schema, relation }: RelationRef): string {
  return `${schema}\0${relation}`;
}

function columnKey({
  schema,
  relation,
  column,
}: {
  schema: string;
  relation: string;
  column: string;
}): string {
  return `${schema}\0${relation}\0${column}`;
}

function countOf(masks: readonly ChosenMask[]): string {
  return `${masks.length} ${plural(masks.length, 'column')}`;
}

function named(rules: readonly CountedRule[]): string {
  const [only] = rules;
  if (rules.length === 1 && only !== undefined) return `rule ${only.id} of ${only.owner}`;
  return `rules ${list(rules.map((rule) => rule.id))}`;
}

function list(items: readonly string[], word = 'and'): string {
  const named =
    items.length > MAX_NAMED
      ? [...items.slice(0, MAX_NAMED - 1), `${items.length - MAX_NAMED + 1} more`]
      : items;
  const last = named.at(-1) ?? '';
  return named.length < 2 ? last : `${named.slice(0, -1).join(', ')} ${word} ${last}`;
}

function groups(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

function plural(count: number, word: string): string {
  return count === 1 ? word : `${word}s`;
}

function withoutStop(sentence: string): string {
  return sentence.trim().replace(/[.;]+$/, '');
}
