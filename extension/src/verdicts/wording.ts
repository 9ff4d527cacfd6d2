import { approversInWords } from '../../../gateway/contract/ask.ts';
import { assertNever } from '../../../gateway/contract/assert-never.ts';
import type { Decision, MaskMethod } from '../../../gateway/contract/decision.ts';
import type { ColumnRef } from '../../../gateway/contract/facts.ts';
import type { MaskReason, Verdict } from '../../../gateway/contract/verdict.ts';

/** A lens swallows a plain space behind its icon. */
export const GAP = '\u00a0';
const MAX_LENS_LENGTH = 100;

/** What stands above a statement: one short line with an icon of the editor. */
export function lensTitle(verdict: Verdict): string {
  const { decision } = verdict;
  const masks = effectWords(verdict);
  switch (decision.outcome) {
    case 'allow':
    case 'mask':
      return masks === '' ? `$(pass)${GAP}allowed` : `$(shield)${GAP}${masks} · allowed`;
    case 'approve':
      return `$(watch)${GAP}needs approval by ${approversInWords(decision.asks)}${masks === '' ? '' : ` · ${masks}`}`;
    case 'block':
      return `$(circle-slash)${GAP}blocked: ${short(blockReason(decision))}`;
    default:
      return assertNever(decision.outcome);
  }
}

/** What a person may do about it and who decided so, as Markdown in which no text of others is live. */
export function verdictDetails(verdict: Verdict): string {
  const { decision } = verdict;
  const lines = [`**${heading(verdict)}**`, '', escapeMarkdown(decision.sentence)];
  if (decision.next !== '') lines.push('', escapeMarkdown(decision.next));
  const masked = verdict.columns?.filter((column) => column.masked !== null) ?? [];
  if (masked.length > 0) lines.push('', '| Column | Masked as | Because |', '|---|---|---|');
  for (const { name, masked: reason } of masked) {
    if (reason === null) continue;
    const path = reason.path === undefined ? '' : `; it comes from ${escapeMarkdown(reason.path)}`;
    const because = `${escapeMarkdown(reason.because)} (${escapeMarkdown(reason.owner)})${path}`;
    lines.push(`| ${escapeMarkdown(name)} | ${describeMask(reason.mask)} | ${because} |`);
  }
  for (const { name, detectors = [] } of verdict.columns ?? []) {
    for (const { detect, rule, owner } of detectors) {
      const by = `rule \`${codeText(rule)}\` of ${escapeMarkdown(owner)}`;
      lines.push('', `Looked for in ${escapeMarkdown(name)}: ${escapeMarkdown(detect.join(', '))} (${by})`);
    }
  }
  if (decision.rules.length > 0) lines.push('', 'Rules that counted:');
  for (const rule of decision.rules) {
    const owner = `rule \`${codeText(rule.id)}\` of ${escapeMarkdown(rule.owner)}`;
    lines.push(`- **${rule.outcome}**, ${owner}: ${escapeMarkdown(rule.because)}`);
  }
  return lines.join('\n');
}

/** One line for a problem on a blocked statement: what happened, then what to do. */
export function problemText(verdict: Verdict): string {
  const { sentence, next } = verdict.decision;
  return next === '' ? sentence : `${sentence} ${next}`;
}

/** Why a column is masked, for a tooltip. */
export function maskTooltip(reason: MaskReason): string {
  return [
    `Masked for you: ${describeMask(reason.mask)}.`,
    reason.because,
    `Rule ${reason.rule}, owned by ${reason.owner}.`,
  ].join('\n');
}

export function describeMask(mask: MaskMethod): string {
  switch (mask.method) {
    case 'redact':
      return 'replaced';
    case 'format':
      return 'other letters and digits of the same shape';
    case 'partial':
      return mask.keep === 'last4' ? 'last four characters kept' : 'only the domain kept';
    case 'token':
      return 'a token, equal for equal values';
    case 'null':
      return 'shown as NULL';
    default:
      return assertNever(mask);
  }
}

/** Text of others inside Markdown: every character that could mean something is escaped. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~$&:]/g, '\\$&').replaceAll(/\s*\n\s*/g, ' ');
}

function codeText(text: string): string {
  return text.replaceAll(/[`\n|]/g, '');
}

function heading(verdict: Verdict): string {
  const { outcome, asks } = verdict.decision;
  switch (outcome) {
    case 'allow':
      return 'Allowed';
    case 'mask':
      return effectWords(verdict) === '' ? 'Allowed' : `Allowed, ${effectWords(verdict)}`;
    case 'approve':
      return `Needs approval by ${escapeMarkdown(approversInWords(asks))}`;
    case 'block':
      return 'Blocked';
    default:
      return assertNever(outcome);
  }
}

/** What is masked, which rows there are, and what is looked up all the same. */
function effectWords(verdict: Verdict): string {
  const { rows = [], lookups = [] } = verdict.decision;
  const used = new Set([...(verdict.facts?.reads ?? []), ...(verdict.facts?.writes ?? [])].map(relationOf));
  const conditions = rows
    .filter(({ relation }) => used.has(relationOf(relation)))
    .map(({ condition }) => (rows.length > 1 ? `(${condition})` : condition));
  const found = [...new Set(lookups.map(({ column }) => column.column))];
  return [
    maskWords(verdict),
    conditions.length === 0 ? '' : `only rows where ${short([...new Set(conditions)].join(' and '))}`,
    found.length === 0 ? '' : `looks up by ${found.join(', ')}`,
  ]
    .filter((words) => words !== '')
    .join(' · ');
}

function relationOf({ schema, relation }: { schema: string; relation: string }): string {
  return JSON.stringify([schema, relation]);
}

/**
 * Masked result columns; when there are none, masked columns that the statement compares or reads. Masked
 * columns that merely stand in the same table are nobody's concern.
 */
function maskWords(verdict: Verdict): string {
  const inResult = verdict.columns?.filter((column) => column.masked !== null).length ?? 0;
  if (inResult > 0) return `${plural(inResult, 'column')} masked`;
  const masked = new Set(verdict.decision.masks.map(({ column }) => nameOf(column)));
  const used = [...(verdict.facts?.disclosed ?? []), ...(verdict.facts?.conditions ?? [])].map(nameOf);
  const touched = new Set(used.filter((name) => masked.has(name))).size;
  return touched === 0 ? '' : `works on ${plural(touched, 'masked column')}`;
}

function nameOf({ schema, relation, column }: ColumnRef): string {
  return JSON.stringify([schema, relation, column]);
}

/** The rule's own reason where a rule said no; the gateway's sentence otherwise. */
function blockReason({ rules, sentence }: Decision): string {
  const blocking = rules.find((rule) => rule.outcome === 'block');
  return blocking?.because ?? sentence.replace(/^Blocked(, because |: )/, '');
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

function short(sentence: string): string {
  const text = sentence.replace(/\.$/, '').replaceAll(/\s+/g, ' ');
  return text.length <= MAX_LENS_LENGTH ? text : `${text.slice(0, MAX_LENS_LENGTH - 1)}…`;
}
