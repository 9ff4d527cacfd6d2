import { FIRST_USER_OID } from './oids.ts';
import type { Snapshot, SnapshotColumn, SnapshotFunction, SnapshotRelation } from './snapshot.ts';

/** A column that knows its relation; one object for each column, so that sets of them work by identity. */
export type Column = SnapshotColumn & { relation: Relation };

export type Relation = Omit<SnapshotRelation, 'columns'> & {
  columns: Column[];
  byName: ReadonlyMap<string, Column>;
  byNumber: ReadonlyMap<number, Column>;
  /** It lives in this session's pg_temp. */
  temporary: boolean;
};

export function relationFrom(row: SnapshotRelation, temporary = false): Relation {
  const byName = new Map<string, Column>();
  const byNumber = new Map<number, Column>();
  const relation: Relation = { ...row, columns: [], byName, byNumber, temporary };
  for (const column of row.columns) {
    const full = { ...column, relation };
    relation.columns.push(full);
    byName.set(column.name, full);
    byNumber.set(column.number, full);
  }
  return relation;
}

export type UserOperator = Snapshot['operators'][number];
export type NamedType = Snapshot['types'][number];
export type UserCast = Snapshot['casts'][number];
export type Trigger = Snapshot['triggers'][number];
/** Columns whose values together decide whether a write succeeds. */
export type Constraint = {
  relation: number;
  /** Unique or exclusion, check, foreign key; computed: an index expression or predicate, a generated column. */
  type: 'u' | 'c' | 'f' | 'computed';
  /** What ON CONFLICT ON CONSTRAINT names; '' for what it can't. */
  name: string;
  primary: boolean;
  /** Unique in its columns themselves and in all rows: neither of expressions, nor partial, nor an exclusion. */
  plain: boolean;
  /** Of a unique one: the columns that make its key, maybe by expressions. */
  keys: readonly number[];
  /** Of a unique one: a row with NULL in its key is like no other. */
  nullsDistinct: boolean;
  columns: number[];
  referenced: number;
  referencedColumns: number[];
  /** What a foreign key does to the referencing rows: c cascades, n and d set them. */
  onDelete: string;
  onUpdate: string;
  /** Whether all rows that are there meet it. */
  validated: boolean;
  /** Whether the table above has the same. */
  inherited: boolean;
  /** Of a check: whether the tables below have it not. */
  alone: boolean;
};

/** What is no unique key has of one. */
const UNNAMED = { name: '', primary: false, plain: false, keys: [], nullsDistinct: true };

/** pg_type.oid of json and jsonb. */
const JSON_TYPES: ReadonlySet<number> = new Set([114, 3802]);

/** The snapshot, indexed for look-ups by name and by OID. Immutable. */
export class Catalogue {
  readonly #byName = new Map<string, Map<string, Relation>>();
  readonly #byOid = new Map<number, Relation>();
  readonly #byRowType = new Map<number, Relation>();
  readonly #functions: Map<string, SnapshotFunction[]>;
  readonly #operators: Map<string, UserOperator[]>;
  readonly #operatorClasses: Map<string, Snapshot['operatorClasses']>;
  readonly #types: Map<string, NamedType[]>;
  readonly #casts: Map<number, UserCast[]>;
  readonly #parents: Map<number, number[]>;
  readonly #children: Map<number, number[]>;
  readonly #triggers: Map<number, Trigger[]>;
  readonly #rules: Map<number, Snapshot['rules']>;
  readonly #constraints: Map<number, Constraint[]>;
  readonly #referencing: Map<number, Constraint[]>;
  readonly #partitionKeys: Map<number, number[]>;
  readonly #viewColumns: Map<number, Snapshot['viewColumns']>;
  readonly #attachedToRelation: Map<number, Snapshot['attached']>;
  readonly #attachedToType: Map<number, Snapshot['attached']>;
  readonly #typesByOid: Map<number, NamedType>;
  readonly #typesWithin = new Map<number, ReadonlySet<number>>();
  readonly #attachedTypes: Map<number, Snapshot['attachedTypes']>;
  readonly #typesOfDefaults: Map<number, Snapshot['attachedTypes']>;
  readonly #policies: Map<number, Snapshot['policies']>;
  readonly #defaults: Map<number, Snapshot['defaults']>;
  readonly #unvalidatedKeys: Map<number, Snapshot['unvalidatedKeys']>;
  readonly #statistics: Map<number, Snapshot['statistics']>;
  readonly #valueLists: Map<number, Snapshot['valueLists']>;
  readonly #sequenceOwners: Map<number, Snapshot['sequenceOwners'][number]>;
  readonly #views: Map<number, Snapshot['views'][number]>;
  readonly #maskingViews: Map<number, string | null>;
  readonly #access: Map<number, Snapshot['access'][number]>;
  /** The database's own encoding, in which the server cuts and folds names; where there is no server to ask, UTF8. */
  readonly encoding: string;
  /** The search path of sessions that set none, as `current_schemas(true)` gives it. */
  readonly defaultPath: readonly string[];
  /** Casts with a function that somebody added and that the server applies without their being written. */
  readonly unaskedCasts: readonly UserCast[];
  /** Other casts with a function, which JSON functions apply to what they are given. */
  readonly castsToJson: readonly UserCast[];
  /** Functions that somebody added and by which the server sorts, groups and joins values of its own types. */
  readonly comparedAnywhere: Snapshot['attached'];
  readonly eventTriggers: Snapshot['eventTriggers'];
  readonly #settingsRead: ReadonlySet<string>;
  /** What is computed from this catalogue once, by whoever needs it: lineage of views. */
  readonly derived = new Map<string, unknown>();

  constructor(snapshot: Snapshot) {
    for (const row of snapshot.relations) this.#add(relationFrom(row));
    this.#functions = grouped(snapshot.functions, (row) => row.name);
    this.#operators = grouped(snapshot.operators, (row) => row.name);
    this.#operatorClasses = grouped(snapshot.operatorClasses, (row) => row.name);
    this.#types = grouped(snapshot.types, (row) => row.name);
    this.#casts = grouped(snapshot.casts, (row) => row.target);
    this.#parents = new Map();
    this.#children = new Map();
    for (const { child, parent } of snapshot.inheritance) {
      push(this.#parents, child, parent);
      push(this.#children, parent, child);
    }
    this.#triggers = grouped(snapshot.triggers, (row) => row.relation);
    this.#rules = grouped(snapshot.rules, (row) => row.relation);
    const others = snapshot.constraints.map((row) => ({ ...row, ...UNNAMED }));
    const within = snapshot.uniques.map((row) => ({
      ...row,
      type: 'u' as const,
      referenced: 0,
      referencedColumns: [],
      onDelete: '',
      onUpdate: '',
      inherited: false,
      alone: false,
    }));
    const computed = [
      ...snapshot.computed.map((row) => ({ ...row, columns: row.whole ? [0] : row.columns })),
      // Which partition a row moves to is computed as well.
      ...snapshot.partitionKeys.map((row) => ({ ...row, inherited: false, validated: true })),
    ].map(({ relation, columns, inherited, validated }) => ({
      relation,
      columns,
      inherited,
      validated,
      type: 'computed' as const,
      ...UNNAMED,
      referenced: 0,
      referencedColumns: [],
      onDelete: '',
      onUpdate: '',
      alone: false,
    }));
    this.#constraints = grouped<Constraint, number>(
      [...within, ...others, ...computed],
      (row) => row.relation,
    );
    this.#referencing = grouped<Constraint, number>(
      others.filter((row) => row.type === 'f'),
      (row) => row.referenced,
    );
    this.#partitionKeys = new Map(snapshot.partitionKeys.map((row) => [row.relation, row.columns]));
    this.#attachedToRelation = grouped(snapshot.attached, (row) => row.relation);
    this.#attachedToType = grouped(snapshot.attached, (row) => row.type);
    this.#viewColumns = grouped(snapshot.viewColumns, (row) => row.view);
    this.#typesByOid = new Map(snapshot.types.map((row) => [row.oid, row]));
    this.#attachedTypes = grouped(snapshot.attachedTypes, (row) => row.relation);
    this.#typesOfDefaults = grouped(
      snapshot.attachedTypes.filter(({ domain }) => domain !== 0),
      (row) => row.domain,
    );
    this.#policies = grouped(snapshot.policies, (row) => row.relation);
    this.#defaults = grouped(snapshot.defaults, (row) => row.relation);
    this.#unvalidatedKeys = grouped(snapshot.unvalidatedKeys, (row) => row.relation);
    this.#statistics = grouped(snapshot.statistics, (row) => row.relation);
    this.#valueLists = grouped(snapshot.valueLists, (row) => row.relation);
    this.#sequenceOwners = new Map(snapshot.sequenceOwners.map((row) => [row.sequence, row]));
    this.encoding = snapshot.encoding[0]?.name ?? 'UTF8';
    this.defaultPath = snapshot.defaultPath;
    const casts = snapshot.casts.filter((row) => row.function !== null);
    this.unaskedCasts = casts.filter((row) => row.unasked);
    this.castsToJson = casts.filter((row) => !row.unasked && JSON_TYPES.has(row.target));
    this.comparedAnywhere = snapshot.attached.filter(
      ({ type, schema }) => type !== 0 && type < FIRST_USER_OID && schema !== 'pg_catalog',
    );
    this.eventTriggers = snapshot.eventTriggers;
    this.#settingsRead = new Set(snapshot.settingsRead.map((row) => row.name));
    this.#views = new Map(snapshot.views.map((row) => [row.view, row]));
    this.#maskingViews = new Map(snapshot.maskingViews.map(({ view, comment }) => [view, comment]));
    this.#access = new Map(snapshot.access.map((row) => [row.relation, row]));
  }

  #add(relation: Relation): void {
    const schema = this.#byName.get(relation.schema) ?? new Map<string, Relation>();
    schema.set(relation.name, relation);
    this.#byName.set(relation.schema, schema);
    this.#byOid.set(relation.oid, relation);
    if (relation.type !== 0) this.#byRowType.set(relation.type, relation);
  }

  relation(schema: string, name: string): Relation | undefined {
    return this.#byName.get(schema)?.get(name);
  }

  relationByOid(oid: number): Relation | undefined {
    return this.#byOid.get(oid);
  }

  /** The relation whose row type this is. */
  relationByRowType(oid: number): Relation | undefined {
    return this.#byRowType.get(oid);
  }

  /** Every relation, the system's as well. */
  relations(): Iterable<Relation> {
    return this.#byOid.values();
  }

  /** Every relation outside the system's schemas. */
  *userRelations(): Iterable<Relation> {
    for (const relation of this.relations()) if (!isSystemSchema(relation.schema)) yield relation;
  }

  functionsNamed(name: string): readonly SnapshotFunction[] {
    return this.#functions.get(name) ?? [];
  }

  /** Operators that somebody added to the server's own. */
  operatorsNamed(name: string): readonly UserOperator[] {
    return this.#operators.get(name) ?? [];
  }

  /** Functions that somebody added to operator classes of this name, in any schema. */
  functionsOfOperatorClass(name: string): Snapshot['operatorClasses'] {
    return this.#operatorClasses.get(name) ?? [];
  }

  typesNamed(name: string): readonly NamedType[] {
    return this.#types.get(name) ?? [];
  }

  /** Casts that somebody added to the server's own. */
  castsTo(type: number): readonly UserCast[] {
    return this.#casts.get(type) ?? [];
  }

  triggersOn(relation: number): readonly Trigger[] {
    return this.#triggers.get(relation) ?? [];
  }

  rulesOn(relation: number): Snapshot['rules'] {
    return this.#rules.get(relation) ?? [];
  }

  /** Unique indexes, exclusions, checks and foreign keys of a relation. */
  constraintsOn(relation: number): readonly Constraint[] {
    return this.#constraints.get(relation) ?? [];
  }

  /** Foreign keys of others that point at it. */
  constraintsReferencing(relation: number): readonly Constraint[] {
    return this.#referencing.get(relation) ?? [];
  }

  /** Functions that reading (row policies) or writing (all others) a relation calls by itself. */
  attachedTo(relation: number): Snapshot['attached'] {
    return this.#attachedToRelation.get(relation) ?? [];
  }

  /** Types that what is attached to a relation converts to. */
  typesAttachedTo(relation: number): Snapshot['attachedTypes'] {
    return this.#attachedTypes.get(relation) ?? [];
  }

  /**
   * Functions that checks of domains call, and those that compare: of the type itself, and of what it is made of, to any
   * depth.
   */
  checksOf(type: number): Snapshot['attached'] {
    return [...this.typesWithin(type)].flatMap((part) => this.#attachedTo(part, true));
  }

  /** Of those the functions that compare: whoever sorts or indexes values, and changes none, calls no checks. */
  comparisonsOf(type: number): Snapshot['attached'] {
    return this.checksOf(type).filter(({ planned }) => planned);
  }

  /** Functions that the default of a domain calls, where a column of it has none. */
  defaultOf(domain: number): Snapshot['attached'] {
    const converted = this.#typesOfDefaults.get(domain) ?? [];
    return [...this.#attachedTo(domain, false), ...converted.flatMap(({ type }) => this.checksOf(type))];
  }

  #attachedTo(type: number, onRead: boolean): Snapshot['attached'] {
    if (type === 0) return [];
    return (this.#attachedToType.get(type) ?? []).filter((called) => called.onRead === onRead);
  }

  /** A type and all that it is made of, to any depth: of a domain what it is over, elements, fields. */
  typesWithin(type: number): ReadonlySet<number> {
    const known = this.#typesWithin.get(type);
    if (known !== undefined) return known;
    const seen = new Set<number>();
    const waiting = [type];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next === 0 || seen.has(next)) continue;
      seen.add(next);
      const found = this.#typesByOid.get(next);
      if (found !== undefined) waiting.push(found.base, found.element, ...found.parts);
    }
    this.#typesWithin.set(type, seen);
    return seen;
  }

  knowsType(oid: number): boolean {
    return this.#typesByOid.has(oid);
  }

  /** Columns of this and other relations that decide which of its rows somebody sees or may write. */
  columnsOfPolicies(relation: number): Column[] {
    return (this.#policies.get(relation) ?? []).flatMap(({ from, column, whole }) => {
      const found = this.#byOid.get(from);
      if (whole) return found?.columns ?? [];
      return found?.byNumber.get(column) ?? [];
    });
  }

  /** What row policies of a relation look at besides the relation itself. */
  relationsOfPolicies(relation: number): Relation[] {
    const froms = new Set((this.#policies.get(relation) ?? []).map(({ from }) => from));
    return [...froms].flatMap((from) => (from === relation ? [] : (this.#byOid.get(from) ?? [])));
  }

  /** The expression that fills a column which an INSERT leaves out, as the server prints it; null when it is NULL. */
  defaultExpressionOf({ relation, number }: Column): string | null {
    const rows = this.#defaults.get(relation.oid) ?? [];
    return rows.find(({ column }) => column === number)?.expression ?? null;
  }

  /** The columns of a foreign key by its name, where the server has yet to ask it of rows that are there. */
  unvalidatedKey(relation: number, name: string): readonly number[] | null {
    const rows = this.#unvalidatedKeys.get(relation) ?? [];
    return rows.find((row) => row.name === name)?.columns ?? null;
  }

  /** Attribute numbers of the columns (0: of all) that ANALYZE computes expressions of for extended statistics. */
  columnsOfStatistics(relation: number): number[] {
    return (this.#statistics.get(relation) ?? []).flatMap(({ columns, whole }) => (whole ? [0] : columns));
  }

  /** Columns whose most common values are listed together: the planner asks the lists for two of them and more. */
  valueListsOf(relation: number): Snapshot['valueLists'] {
    return this.#valueLists.get(relation) ?? [];
  }

  /** The relation of whose serial or identity column this is the sequence. */
  ownerOfSequence(sequence: number): Relation | undefined {
    const owner = this.#sequenceOwners.get(sequence);
    return owner === undefined ? undefined : this.#byOid.get(owner.relation);
  }

  /** The sequence of a serial or identity column. */
  sequenceOf(column: Column): Relation | undefined {
    for (const owner of this.#sequenceOwners.values()) {
      if (owner.relation === column.relation.oid && owner.column === column.number) {
        return this.#byOid.get(owner.sequence);
      }
    }
    return undefined;
  }

  /** Attribute numbers of the partition key (0 stands for an expression), or null when not partitioned. */
  partitionKey(relation: number): readonly number[] | null {
    return this.#partitionKeys.get(relation) ?? null;
  }

  /** Every table that has others above or below it. */
  *families(): Iterable<Relation> {
    for (const oid of new Set([...this.#children.keys(), ...this.#parents.keys()])) {
      const relation = this.#byOid.get(oid);
      if (relation !== undefined) yield relation;
    }
  }

  /** Columns that the server says a view's query refers to (pg_depend). */
  columnsBehind(view: number): Column[] {
    return (this.#viewColumns.get(view) ?? []).flatMap((row) => {
      const column = this.#byOid.get(row.relation)?.byNumber.get(row.column);
      return column === undefined || row.relation === view ? [] : [column];
    });
  }

  /** What a view of the schema of masking views says that it was made from. */
  commentOfMaskingView(view: number): string | null {
    return this.#maskingViews.get(view) ?? null;
  }

  /** Whether the gateway's own role owns a relation. */
  isOwn(relation: number): boolean {
    return this.#access.get(relation)?.own ?? false;
  }

  /** How a view reads what its query names: see `views` of the snapshot. Of one that isn't known neither is said. */
  viewOptions(view: number): Pick<Snapshot['views'][number], 'barrier' | 'asQuery'> {
    return this.#views.get(view) ?? { barrier: true, asQuery: false };
  }

  /** Columns that the gateway's own role may not read. */
  closedColumns(relation: Relation): Column[] {
    const closed = this.#access.get(relation.oid)?.closed ?? [];
    return relation.columns.filter((column) => closed.includes(column.number));
  }

  /** Whether anything of the database's own may read a setting, and do one thing or another by its value. */
  readsSetting(name: string): boolean {
    return this.#settingsRead.has('*') || this.#settingsRead.has(name.toLowerCase());
  }

  /** The tables right above. */
  parents(relation: number): readonly number[] {
    return this.#parents.get(relation) ?? [];
  }

  ancestors(relation: number): Set<number> {
    return reach(this.#parents, relation);
  }

  descendants(relation: number): Set<number> {
    return reach(this.#children, relation);
  }
}

/** Columns of a relation by number; 0 stands for what is computed of the whole row. */
export function columnsOf(relation: Relation | undefined, numbers: readonly number[]): Column[] {
  if (numbers.includes(0)) return relation?.columns ?? [];
  return (relation?.columns ?? []).filter(({ number }) => numbers.includes(number));
}

export function isSystemSchema(schema: string): boolean {
  return schema === 'pg_catalog' || schema === 'information_schema';
}

function reach(edges: ReadonlyMap<number, number[]>, from: number): Set<number> {
  const seen = new Set<number>();
  const waiting = [...(edges.get(from) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...(edges.get(next) ?? []));
  }
  return seen;
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function grouped<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) push(groups, keyOf(row), row);
  return groups;
}
