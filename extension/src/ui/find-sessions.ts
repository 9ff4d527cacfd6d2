import * as vscode from 'vscode';
import { RecordSearch, SearchedOutcome } from '../../../gateway/contract/record-search.ts';
import type { TargetList } from '../targets/target-list.ts';

type Field = 'principal' | 'target' | 'rule' | 'outcome' | 'from' | 'text';

const FIELDS: readonly { field: Field; label: string; icon: string; detail: string }[] = [
  { field: 'principal', label: 'Person', icon: 'account', detail: 'Whose session: a name or an address' },
  { field: 'target', label: 'Target', icon: 'server', detail: 'On which database or host' },
  { field: 'rule', label: 'Rule', icon: 'law', detail: 'Which rule of the policy counted' },
  { field: 'outcome', label: 'Outcome', icon: 'pass', detail: 'How an action ended, or what befell it' },
  { field: 'from', label: 'Time', icon: 'calendar', detail: 'Since when' },
  { field: 'text', label: 'Words', icon: 'search', detail: 'Words of a statement or a command' },
];

const OUTCOMES: Record<SearchedOutcome, string> = {
  done: 'ran',
  refused: 'was refused',
  failed: 'failed on the target',
  cancelled: 'was cancelled',
  lost: 'was lost with its connection',
  running: 'still runs',
  masked: 'something was masked',
  held: 'needed somebody’s approval',
};

const HOUR_MS = 3_600_000;
const SINCE: readonly { label: string; ms: number }[] = [
  { label: 'The last hour', ms: HOUR_MS },
  { label: 'The last 24 hours', ms: 24 * HOUR_MS },
  { label: 'The last 7 days', ms: 7 * 24 * HOUR_MS },
  { label: 'The last 30 days', ms: 30 * 24 * HOUR_MS },
];

/** Asks by what to look for sessions; undefined when the person leaves. Each answer narrows what was looked for. */
export async function askForSearch(
  search: RecordSearch,
  targets: TargetList,
): Promise<RecordSearch | undefined> {
  const all = { label: '$(clear-all) All Sessions', detail: 'Look for nothing in particular', field: null };
  const items = FIELDS.map(({ field, label, icon, detail }) => {
    const known = search[field];
    return {
      label: `$(${icon}) ${label}`,
      detail,
      field,
      ...(known === undefined ? {} : { description: known }),
    };
  });
  const isNarrow = Object.keys(search).length > 0;
  const placeHolder = 'Find sessions by…';
  const chosen = await vscode.window.showQuickPick(isNarrow ? [...items, all] : items, { placeHolder });
  if (chosen === undefined) return undefined;
  if (chosen.field === null) return {};
  const value = await ask(chosen.field, search, targets);
  if (value === undefined) return undefined;
  const { [chosen.field]: _, ...rest } = search;
  return RecordSearch.parse(value === '' ? rest : { ...rest, [chosen.field]: value });
}

async function ask(field: Field, search: RecordSearch, targets: TargetList): Promise<string | undefined> {
  switch (field) {
    case 'target':
      return (
        await pick([...targets.targets, ...targets.hosts].map(({ name }) => ({ label: name, value: name })))
      )?.value;
    case 'outcome':
      return (await pick(SearchedOutcome.options.map((value) => ({ label: OUTCOMES[value], value }))))?.value;
    case 'from': {
      const since = await pick(SINCE.map((one) => ({ ...one, value: one.ms })));
      return since === undefined ? undefined : new Date(Date.now() - since.value).toISOString();
    }
    default:
      return vscode.window.showInputBox({
        prompt: PROMPTS[field],
        value: search[field] ?? '',
        validateInput: (typed) =>
          typed === '' ? undefined : RecordSearch.shape[field].safeParse(typed).error?.issues[0]?.message,
      });
  }
}

const PROMPTS = {
  principal: 'Whose sessions? A name or an address; empty for everybody’s.',
  rule: 'Which rule counted? Its name in the policy; empty for any.',
  text: 'Which words? cust* is how a word begins, "two words" stand together; empty for any.',
};

async function pick<Value>(items: { label: string; value: Value }[]) {
  return vscode.window.showQuickPick(items, { placeHolder: 'Which?' });
}

/** What is looked for, in few words; undefined for everything. */
export function searchInWords(search: RecordSearch): string | undefined {
  const { principal, target, rule, outcome, from, text } = search;
  const parts = [
    principal,
    target,
    rule === undefined ? undefined : `rule ${rule}`,
    outcome === undefined ? undefined : OUTCOMES[outcome],
    from === undefined ? undefined : `since ${new Date(from).toLocaleString()}`,
    text === undefined ? undefined : `“${text}”`,
  ];
  return parts.filter((part) => part !== undefined).join(' · ') || undefined;
}
