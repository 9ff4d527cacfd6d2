import type { FuncCall, Node } from 'libpg-query';
import type { Relation } from '../catalogue/catalogue.ts';
import { isKeySetting } from '../masks/hmac.ts';
import { bodyOf, namesOf } from '../parse/node.ts';
import { choosesPlan, isApplicationSetting, settingRefusal } from './allowed/settings.ts';
import { lookUp } from './column.ts';
import type { Scope } from './scope.ts';
import type { Walk } from './walk.ts';

/** Functions that do what a statement does, by what their arguments name: they count as that statement. */
const CHANGING: ReadonlyMap<string, (walk: Walk, body: FuncCall, scope: Scope) => void> = new Map<
  string,
  (walk: Walk, body: FuncCall, scope: Scope) => void
>([
  ['set_config', setConfig],
  ['current_setting', noteSettingRead],
  ['nextval', (walk, body) => sequence(walk, body, 'nextval')],
  ['setval', (walk, body) => sequence(walk, body, 'setval')],
  ['pg_notify', (walk) => void walk.findings.calledWrites.push(NOTIFY)],
]);
const NOTIFY = { schema: 'pg_catalog', relation: 'pg_notify', by: 'notify', everyRow: false } as const;

export function noteChangingCall(walk: Walk, body: FuncCall, scope: Scope): void {
  CHANGING.get(namesOf(body.funcname).at(-1) ?? '')?.(walk, body, scope);
}

/** Those of which nobody needs one in a default or check: `nextval` is what serial columns are made of. */
const CHANGING_WITHOUT_NAME: ReadonlySet<string> = new Set(['set_config', 'setval', 'pg_notify']);

/** Why a function may not stand in what a table computes by itself, in statements that don't name it; null when it may. */
export function changesUnnamed(schema: string, name: string): string | null {
  if (schema !== 'pg_catalog' || !CHANGING_WITHOUT_NAME.has(name)) return null;
  return `${name} would change something for whoever writes there without naming it`;
}

/**
 * The next number of a serial or identity column is part of an insert into its table; everything else that is done
 * to a sequence is an update of the sequence.
 */
function sequence(walk: Walk, body: FuncCall, name: 'nextval' | 'setval'): void {
  const relation = sequenceNamed(walk, body.args?.[0]);
  if (relation === null) {
    walk.findings.unknowns.add(`which sequence ${name} changes can't be told: name it by a constant`);
    return;
  }
  const owner = name === 'nextval' ? walk.names.catalogue.ownerOfSequence(relation.oid) : undefined;
  if (owner === undefined) walk.findings.writes.push({ relation, by: 'update', everyRow: false });
  else walk.findings.writes.push({ relation: owner, by: 'insert', everyRow: false });
}

function sequenceNamed(walk: Walk, node: Node | undefined): Relation | null {
  const found = named(walk, constantText(node)) ?? serial(walk, bodyOf(node, 'TypeCast')?.arg ?? node);
  return found?.kind === 'S' ? found : null;
}

/** `pg_get_serial_sequence('table', 'column')`. */
function serial(walk: Walk, node: Node | undefined): Relation | null {
  const call = bodyOf(node, 'FuncCall');
  if (namesOf(call?.funcname).at(-1) !== 'pg_get_serial_sequence') return null;
  const table = named(walk, constantText(call?.args?.[0]));
  const column = table?.byName.get(constantText(call?.args?.[1]) ?? '');
  return column === undefined ? null : (walk.names.catalogue.sequenceOf(column) ?? null);
}

/** Which setting is read must be told, for some hold keys: a constant, or a name out of pg_settings, which has none. */
export function noteSettingRead(walk: Walk, body: FuncCall, scope: Scope): void {
  const [argument] = body.args ?? [];
  const name = constantText(argument);
  const ref = bodyOf(argument, 'ColumnRef');
  const source = ref === undefined ? undefined : lookUp(walk, ref, scope).columns?.[0]?.copyOf;
  if (
    source?.name === 'name' &&
    source.relation.name === 'pg_settings' &&
    source.relation.schema === 'pg_catalog'
  )
    return;
  if (typeof name !== 'string')
    walk.findings.unknowns.add('current_setting with a name that is not a constant');
  else if (isKeySetting(name)) walk.findings.unknowns.add(`setting ${name} is the gateway's own`);
}

/** Blanks are those of `scanner_isspace`: other languages' are letters of names. */
const IDENTIFIERS =
  /^[ \t\n\r\f\v]*(?:("(?:[^"]|"")+"|[^ \t\n\r\f\v."]+)[ \t\n\r\f\v]*\.[ \t\n\r\f\v]*)?("(?:[^"]|"")+"|[^ \t\n\r\f\v."]+)[ \t\n\r\f\v]*$/;

/** The relation that a text names, as `regclass` reads it. */
function named(walk: Walk, text: string | null | undefined): Relation | null {
  // Another encoding folds and cuts what isn't ASCII in its own way.
  if (walk.names.catalogue.encoding !== 'UTF8' && /[^\0-\x7f]/.test(text ?? '')) return null;
  const [, schema, name] = IDENTIFIERS.exec(text ?? '') ?? [];
  if (name === undefined) return null;
  return walk.names.find(schema === undefined ? undefined : identifier(schema), identifier(name));
}

function identifier(text: string): string {
  if (text.startsWith('"')) return text.slice(1, -1).replaceAll('""', '"');
  // In UTF-8 the server folds letters of ASCII alone.
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

const DUMP_RESTRICTION = 'view, foreign-table';

/** `set_config` with constants is SET in another dress; with anything else nobody knows what it sets. */
function setConfig(walk: Walk, body: FuncCall): void {
  const [name, value] = (body.args ?? []).map(constantText);
  // pg_dump takes the setting's name from pg_settings; with this value no other setting is changed to any use.
  if (name === undefined && value === DUMP_RESTRICTION) {
    walk.findings.settings.push({ name: 'restrict_nonsystem_relation_kind', value });
    return;
  }
  const parameter = bodyOf(bodyOf(body.args?.[1], 'TypeCast')?.arg ?? body.args?.[1], 'ParamRef');
  const given = parameter === undefined ? value : `$${parameter.number ?? 0}`;
  if (typeof name !== 'string' || given === undefined) {
    walk.findings.unknowns.add('set_config with a name or value that is not a constant');
    return;
  }
  noteSetting(walk, name, given);
}

/** Notes that a setting of the session gets a value; null stands for DEFAULT and RESET. */
export function noteSetting(walk: Walk, name: string, value: string | null): void {
  walk.findings.settings.push({ name, value });
  const refusal = isApplicationSetting(name)
    ? applicationSettingRefusal(walk, name)
    : settingRefusal(name, value);
  if (refusal !== null) walk.findings.unknowns.add(refusal);
  if (value !== null && choosesPlan(name)) {
    walk.findings.opaque.add(
      `${name} chooses the plan, and a plan along an index shows the order of what is in it`,
    );
  }
}

/** A row policy that reads `app.tenant` would be told by anybody who may set it which rows to show. */
function applicationSettingRefusal(walk: Walk, name: string): string | null {
  if (!walk.names.catalogue.readsSetting(name)) return null;
  return `setting ${name} may be read by a policy, view or function of the database, which would do something else`;
}

/** The text of a constant; null for NULL, undefined for anything else. */
function constantText(node: Node | undefined): string | null | undefined {
  const constant = bodyOf(bodyOf(node, 'TypeCast')?.arg ?? node, 'A_Const');
  if (constant?.isnull === true) return null;
  return constant?.sval === undefined ? undefined : (constant.sval.sval ?? '');
}
