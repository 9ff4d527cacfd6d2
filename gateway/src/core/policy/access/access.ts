import { approversInWords } from '../../../../contract/ask.ts';
import { strictness } from '../../../../contract/decision.ts';
import type { ColumnRef, RelationRef, StatementKind } from '../../../../contract/facts.ts';
import { PrincipalId } from '../../../../contract/ids.ts';
import type { Access, AccessOutcome, ToldRule } from '../../../../contract/policy-access.ts';
import type { Principal } from '../../../../contract/principal.ts';
import type { Target } from '../../../../contract/target.ts';
import { readingAll } from '../compile/reading-all.ts';
import type { ActionRule, CompiledRule, MaskRule } from '../compile/rule.ts';
import type { TargetRules } from '../compile/target-rules.ts';
import { opens, Reach, touches } from '../decide/reach.ts';
import { maskWord } from '../expectations/compare.ts';
import { renderFilter } from '../rows/render.ts';
import { type AskedSubject, concernOf } from './concern.ts';
import { toldRule } from './told-rule.ts';

/** What is asked about: so many columns of a relation, and what is done with them. */
export type AccessPlace = RelationRef & { columns: readonly string[]; doing: StatementKind };

/** Rules about the place that concern somebody: those that hold anyhow, and those with something yet to be told. */
type Concerning<Rule> = { sure: Rule[]; remaining: ToldRule[]; openIf: Rule[] };

/** What somebody may do with a place, by rules without conditions, and which conditions may change it. */
export function accessOf(
  target: Target,
  place: AccessPlace,
  subject: AskedSubject,
  rules: TargetRules,
): Access {
  const principal = subject.kind === 'known' ? subject.principal : NOBODY;
  const read = readingAll(principal, target, place, place.columns, new Date(0));
  const { columns } = read;
  const reach = new Reach({ kind: place.doing, relation: place, everyRow: false }, read);
  const actions = concerning(
    rules.actions.filter((rule) => isAbout(rule, reach, rules)),
    subject,
  );
  const masks = concerning([...new Set(columns.flatMap((column) => rules.masksAbout(column)))], subject);
  const filters = concerning(
    rules.rows.filter(({ on }) => on.relation?.(place) ?? true),
    subject,
  );
  const chosen = columns.flatMap((column) => maskOn(column, masks.sure, rules) ?? []);
  const asking = actions.sure.filter((rule) => rule.outcome === 'approve');
  const outcome = outcomeOf(actions, reach, rules, chosen.length > 0);
  const blocking = actions.sure.filter((rule) => rule.outcome === 'block');
  const counted: CompiledRule[] =
    outcome === 'no'
      ? blocking
      : [
          ...actions.sure.filter((rule) => rule.outcome !== 'block'),
          ...chosen.map(({ by }) => by),
          ...filters.sure,
        ];
  return {
    outcome,
    approval: outcome === 'no' || asking.length === 0 ? null : approversInWords(asking.map(({ ask }) => ask)),
    masks:
      outcome === 'no'
        ? []
        : chosen.map(({ column, by }) => ({ column, mask: maskWord(by.mask), rule: by.counted.id })),
    rows: outcome === 'no' ? [] : filters.sure.map((rule) => filterWords(rule, subject)),
    rules: [...new Set(counted)].map((rule) => toldRule(rule)),
    conditions:
      outcome === 'no' && blocking.length > 0
        ? []
        : [...actions.remaining, ...masks.remaining, ...filters.remaining],
  };
}

/** A rule as it concerns somebody; null where it doesn't. */
export function toldFor(rule: CompiledRule, subject: AskedSubject): ToldRule | null {
  const concern = concernOf(rule, subject);
  if (concern.kind === 'no') return null;
  return toldRule(rule, concern.kind === 'maybe' ? concern.provided : '');
}

const NOBODY: Principal = {
  id: PrincipalId.parse('person:nobody'),
  kind: 'person',
  name: 'nobody',
  groups: [],
  claims: {},
  epoch: 0,
};

function isAbout(rule: ActionRule, reach: Reach, rules: TargetRules): boolean {
  if (rule.outcome !== 'allow') return touches(rule, reach, rules);
  const opened = opens(rule, reach, rules);
  return typeof opened === 'boolean' ? opened : reach.all.some(opened);
}

function concerning<Rule extends CompiledRule>(
  about: readonly Rule[],
  subject: AskedSubject,
): Concerning<Rule> {
  const found: Concerning<Rule> = { sure: [], remaining: [], openIf: [] };
  for (const rule of about) {
    const concern = concernOf(rule, subject);
    if (concern.kind === 'no') continue;
    if (concern.kind === 'yes' && rule.condition === null) {
      found.sure.push(rule);
      continue;
    }
    found.remaining.push(toldRule(rule, concern.kind === 'maybe' ? concern.provided : ''));
    found.openIf.push(rule);
  }
  return found;
}

function outcomeOf(
  { sure, openIf }: Concerning<ActionRule>,
  reach: Reach,
  rules: TargetRules,
  isMasked: boolean,
): AccessOutcome {
  if (sure.some((rule) => rule.outcome === 'block')) return 'no';
  if (isOpen(sure, reach, rules)) return isMasked ? 'masked' : 'clear';
  return isOpen([...sure, ...openIf], reach, rules) ? 'onlyWhen' : 'no';
}

/** Whether rules that allow or ask are about every column together. */
function isOpen(all: readonly ActionRule[], reach: Reach, rules: TargetRules): boolean {
  const opened = all.filter((rule) => rule.outcome !== 'block').map((rule) => opens(rule, reach, rules));
  if (opened.includes(true)) return true;
  const parts = opened.filter((part) => typeof part === 'function');
  return parts.length > 0 && reach.all.every((column) => parts.some((part) => part(column)));
}

function maskOn(
  column: ColumnRef,
  sure: readonly MaskRule[],
  rules: TargetRules,
): { column: string; by: MaskRule } | null {
  const about = rules.masksAbout(column).filter((rule) => sure.includes(rule));
  const [by] = about.toSorted((a, b) => strictness(b.mask) - strictness(a.mask));
  return by === undefined ? null : { column: column.column, by };
}

function filterWords({ filter, source }: TargetRules['rows'][number], subject: AskedSubject): string {
  const rendered = subject.kind === 'known' ? renderFilter(filter, subject.principal) : null;
  if (rendered !== null && 'sql' in rendered) return rendered.sql;
  return typeof source.then === 'object' && 'rows' in source.then ? source.then.rows : '';
}
