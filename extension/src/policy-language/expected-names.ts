import type { Path, Place } from './place.ts';
import type { PolicyFileKind } from './policy-files.ts';
import { isMapping, valueAt } from './schema.ts';

/** What the names at a place are names of. */
export type Wanted =
  | 'target'
  | 'label'
  | 'labelValue'
  | 'schema'
  | 'table'
  | 'column'
  | 'tag'
  | 'tagPattern'
  | 'group'
  | 'person'
  | 'account'
  | 'function'
  | 'detector'
  | 'rule'
  | 'describedPerson'
  | 'describedTarget';

/** Which targets a name may be of, and which schemas and tables the rule has named already. */
export type Scope = {
  /** Patterns; null: any. */
  targets: readonly string[] | null;
  labels: Readonly<Record<string, readonly string[]>>;
  schemas: readonly string[] | null;
  tables: readonly string[] | null;
};

type Entry = readonly [role: Place['role'], path: string, wanted: Wanted];

/** `*` is any one step, `**` any number of indexes. */
const IN_POLICY: readonly Entry[] = [
  ['value', 'rules.*.on.targets.*', 'target'],
  ['key', 'rules.*.on.labels', 'label'],
  ['value', 'rules.*.on.labels.*', 'labelValue'],
  ['value', 'rules.*.on.labels.*.*', 'labelValue'],
  ['value', 'rules.*.on.schemas.*', 'schema'],
  ['value', 'rules.*.on.tables.*', 'table'],
  ['value', 'rules.*.on.columns.*', 'column'],
  ['value', 'rules.*.on.tags.*', 'tag'],
  ['value', 'rules.*.on.accounts.*', 'account'],
  ['value', 'rules.*.who.groups.*', 'group'],
  ['value', 'rules.*.who.*.groups.*', 'group'],
  ['value', 'rules.*.except.groups.*', 'group'],
  ['value', 'rules.*.except.*.groups.*', 'group'],
  ['value', 'rules.*.who.users.*', 'person'],
  ['value', 'rules.*.who.*.users.*', 'person'],
  ['value', 'rules.*.except.users.*', 'person'],
  ['value', 'rules.*.except.*.users.*', 'person'],
  ['value', 'rules.*.then.approve.by.*', 'group'],
  ['value', 'rules.*.then.approve.each.*', 'group'],
  ['value', 'rules.*.then.approve.breakGlass.*', 'group'],
  ['value', 'rules.*.then.unmask.by.*', 'group'],
  ['value', 'rules.*.then.unmask.each.*', 'group'],
  ['value', 'rules.*.then.detect.*', 'detector'],
  ['value', 'delegations.*.group', 'group'],
  ['value', 'delegations.*.to.*', 'person'],
  ['key', 'reviewedFunctions', 'target'],
  ['value', 'reviewedFunctions.*.*', 'function'],
  ['key', 'tags', 'tagPattern'],
  ['value', 'tags.*.*', 'tag'],
  ['value', 'record.on.targets.*', 'target'],
  ['value', 'record.*.on.targets.*', 'target'],
  ['key', 'record.on.labels', 'label'],
  ['key', 'record.*.on.labels', 'label'],
];

const IN_TESTS: readonly Entry[] = [
  ['key', 'targets', 'target'],
  ['key', 'targets.*.labels', 'label'],
  ['value', 'targets.*.labels.*', 'labelValue'],
  ['key', 'targets.*.tables', 'table'],
  ['value', 'targets.*.tables.*.*', 'column'],
  ['key', 'targets.*.tables.*', 'column'],
  ['value', 'targets.*.searchPath.*', 'schema'],
  ['value', 'targets.*.accounts.*', 'account'],
  ['value', 'people.*.user', 'person'],
  ['value', 'people.*.groups.*', 'group'],
  ['value', 'tests.*.who', 'describedPerson'],
  ['value', 'tests.*.who.*', 'describedPerson'],
  ['value', 'tests.*.who.groups.*', 'group'],
  ['value', 'tests.*.on', 'describedTarget'],
  ['value', 'tests.*.expect.by.*', 'group'],
  ['value', 'tests.*.expect.rules.*', 'rule'],
  ['key', 'tests.*.expect.masks', 'column'],
];

const ENTRIES: Record<PolicyFileKind, readonly Entry[]> = { policy: IN_POLICY, tests: IN_TESTS };

/** What is named at a place; null: nothing that anybody knows names of. */
export function wantedAt(kind: PolicyFileKind, role: Place['role'], path: Path): Wanted | null {
  const found = ENTRIES[kind].find(([wantedRole, pattern]) => wantedRole === role && isAt(pattern, path));
  return found?.[2] ?? null;
}

function isAt(pattern: string, path: Path): boolean {
  const steps = pattern.split('.');
  return steps.length === path.length && steps.every((step, at) => step === '*' || step === path[at]);
}

/** What narrows names down at a place: what the same rule, or the same described target, says. */
export function scopeAt(kind: PolicyFileKind, path: Path, value: unknown): Scope {
  const [section, entry] = path;
  if (kind === 'tests') return testScope(path, value);
  if (section === 'reviewedFunctions') return { ...ANYWHERE, targets: listOf(entry) };
  const on = valueAt(value, section === 'rules' ? ['rules', entry ?? 0, 'on'] : path.slice(0, -2));
  if (!isMapping(on)) return ANYWHERE;
  const labels = isMapping(on.labels) ? Object.entries(on.labels) : [];
  return {
    targets: listOf(on.targets),
    labels: Object.fromEntries(labels.map(([label, wanted]) => [label, listOf(wanted) ?? []])),
    schemas: listOf(on.schemas),
    tables: listOf(on.tables),
  };
}

/** Columns of a described target's table are those of the live one of that name. */
function testScope([section, entry, line, table]: Path, value: unknown): Scope {
  if (section === 'tests') {
    return { ...ANYWHERE, targets: listOf(valueAt(value, ['tests', entry ?? 0, 'on'])) };
  }
  const targets = entry === undefined ? null : [String(entry)];
  return { ...ANYWHERE, targets, tables: line === 'tables' ? listOf(table) : null };
}

const ANYWHERE: Scope = { targets: null, labels: {}, schemas: null, tables: null };

/** The texts of a list, or of the one that stands alone; null where there is none yet. */
function listOf(value: unknown): string[] | null {
  const texts = [value].flat().filter((one): one is string => typeof one === 'string' && one !== '');
  return texts.length === 0 ? null : texts;
}
