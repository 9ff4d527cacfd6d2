import type { Node, RangeVar, TypeName } from 'libpg-query';
import type { FunctionRef } from '../../../../contract/facts.ts';
import {
  type Catalogue,
  isSystemSchema,
  type NamedType,
  type Relation,
  relationFrom,
  type UserCast,
} from '../catalogue/catalogue.ts';
import { FIRST_USER_OID } from '../catalogue/oids.ts';
import type { Snapshot, SnapshotFunction, SnapshotRelation } from '../catalogue/snapshot.ts';
import { dottedName } from '../parse/node.ts';
import { trustedExtensions } from './allowed/extensions.ts';
import { deniedFunctions, isAllowedFunction } from './allowed/functions.ts';
import { deniedRelationReason } from './allowed/relations.ts';
import { changesUnnamed } from './changing-call.ts';
import type { Findings } from './findings.ts';
import { isCallInOlderGrammar } from './older-grammar.ts';

const VOLATILITY = { i: 'immutable', s: 'stable', v: 'volatile' } as const;
const SERIALS = new Set(['serial', 'bigserial', 'smallserial', 'serial2', 'serial4', 'serial8']);
/** Functions whose arguments say what they change. */
const changing: ReadonlySet<string> = new Set([
  'nextval',
  'setval',
  'pg_notify',
  'set_config',
  'current_setting',
]);
/** pg_class.relkind of composite types, and what `sessionStateQuery` calls other types: they are no relations. */
const TYPES_ALONE: ReadonlySet<string> = new Set(['c', 't']);
const isTemporarySchema = (schema: string) => /^pg_temp(_|$)/.test(schema);

export type NameSettings = {
  searchPath: readonly string[];
  temporary: readonly SnapshotRelation[];
  reviewedFunctions: ReadonlySet<string>;
  /** Under which bodies of functions are read as they run; without one, the path of sessions that set none. */
  sessionPath?: readonly string[];
};

/** Resolves names as the server would with this search path, and says what isn't on the allow-lists. */
export class Names {
  readonly catalogue: Catalogue;
  readonly findings: Findings;
  readonly #path: readonly string[];
  readonly #schemas: ReadonlySet<string>;
  readonly #temporary: ReadonlyMap<string, Relation>;
  /** Types of this session's pg_temp, which the catalogue doesn't have, by their OID: those of its relations as well. */
  readonly #temporaryTypes: ReadonlyMap<number, Relation>;
  readonly #temporaryTypesByName: ReadonlyMap<string, Relation>;
  readonly #reviewed: ReadonlySet<string>;
  readonly #settings: NameSettings;
  readonly #readsBodiesAsReviewed: boolean;

  constructor(catalogue: Catalogue, findings: Findings, settings: NameSettings) {
    this.catalogue = catalogue;
    this.findings = findings;
    const path = settings.searchPath.includes('pg_catalog')
      ? settings.searchPath
      : ['pg_catalog', ...settings.searchPath];
    this.#path = path.some(isTemporarySchema) ? path : ['pg_temp', ...path];
    this.#schemas = new Set(path);
    const temporary = settings.temporary.map((row) => relationFrom(row, true));
    const relations = temporary.filter(({ kind }) => !TYPES_ALONE.has(kind));
    this.#temporary = new Map(relations.map((row) => [row.name, row]));
    this.#temporaryTypes = new Map(temporary.map((row) => [row.type, row]));
    this.#temporaryTypesByName = new Map(temporary.map((row) => [row.name, row]));
    this.#reviewed = settings.reviewedFunctions;
    this.#settings = settings;
    const { sessionPath = catalogue.defaultPath } = settings;
    this.#readsBodiesAsReviewed = samePath(sessionPath, catalogue.defaultPath);
  }

  /** Names what is computed with the same reviewed functions. */
  get reviewedKey(): string {
    return `${this.#readsBodiesAsReviewed} ${[...this.#reviewed].sort().join(' ')}`;
  }

  /** The same names, noting elsewhere. */
  with(findings: Findings): Names {
    return new Names(this.catalogue, findings, this.#settings);
  }

  /** Names as the server prints them in definitions: qualified unless they are pg_catalog's. */
  asServer(findings: Findings): Names {
    return new Names(this.catalogue, findings, {
      ...this.#settings,
      searchPath: ['pg_catalog'],
      temporary: [],
    });
  }

  /** The relation a RangeVar means, or null after noting that it isn't known or may not be used. */
  relation(node: RangeVar, use: 'rows' | 'definition' = 'rows'): Relation | null {
    const name = node.relname ?? '';
    const found = this.find(node.schemaname, name);
    const shown = node.schemaname === undefined ? name : `${node.schemaname}.${name}`;
    if (found === null) {
      this.findings.unknowns.add(`relation ${shown} is not in the catalogue`);
      return null;
    }
    const denied = use === 'rows' && isSystemSchema(found.schema) ? deniedRelationReason(found) : null;
    if (denied !== null) this.findings.unknowns.add(denied);
    for (const oid of [found.oid, ...this.catalogue.descendants(found.oid)]) {
      for (const called of this.catalogue.attachedTo(oid)) {
        if (called.onRead) this.noteAttached(called, `a row policy, index, check or statistics of ${shown}`);
      }
    }
    for (const { type, onRead } of this.catalogue.typesAttachedTo(found.oid)) {
      if (onRead) this.checksOf(type, `a row policy of ${shown}`);
    }
    this.#fields(found);
    if (found.kind === 'f') {
      this.findings.opaque.add(`foreign table ${found.schema}.${found.name} reads from another server`);
    }
    return found;
  }

  /** Where something is made that names no schema. Before it there may be the session's own, which is nobody else's. */
  get creationSchema(): string {
    const own = this.#path.find((schema) => schema !== 'pg_catalog' && !isTemporarySchema(schema));
    return own ?? 'pg_temp';
  }

  find(schema: string | undefined, name: string): Relation | null {
    if (schema !== undefined) {
      if (isTemporarySchema(schema)) return this.#temporaryIn(schema, name);
      return this.catalogue.relation(schema, name) ?? null;
    }
    for (const candidate of this.#path) {
      const found = isTemporarySchema(candidate)
        ? this.#temporary.get(name)
        : this.catalogue.relation(candidate, name);
      if (found !== undefined) return found;
    }
    return null;
  }

  /** `pg_temp` is this session's; a numbered one may be somebody else's, which nobody reads. */
  #temporaryIn(schema: string, name: string): Relation | null {
    const found = this.#temporary.get(name);
    return found !== undefined && (schema === 'pg_temp' || schema === found.schema) ? found : null;
  }

  /** Notes a call. Every function that the name could mean must be allowed. */
  call(nameNodes: readonly Node[] | undefined): SnapshotFunction[] {
    const parts = dottedName(nameNodes);
    const name = parts.at(-1) ?? '';
    const schema = parts.length > 1 ? parts.at(-2) : undefined;
    const candidates = this.catalogue
      .functionsNamed(name)
      .filter((row) => (schema === undefined ? this.#schemas.has(row.schema) : row.schema === schema));
    const shown = parts.join('.');
    if (candidates.length === 0) {
      this.findings.unknowns.add(`function ${shown} is not known`);
    }
    for (const row of candidates) this.#check(row);
    // `name(x)` converts x when it's the name of a type.
    this.#convertsToOwn(this.#findType(schema, name));
    if (schema !== 'pg_catalog' || !isCallInOlderGrammar(name)) return candidates;
    return [...candidates, ...this.callInOlderGrammar(name)];
  }

  /**
   * Notes syntax that the grammar of older servers reads as a call by this name: whatever the database has of that
   * name is called there.
   */
  callInOlderGrammar(name: string): SnapshotFunction[] {
    const candidates = this.catalogue
      .functionsNamed(name)
      .filter(
        ({ schema }) => this.#schemas.has(schema) && !(schema === 'pg_catalog' && isAllowedFunction(name)),
      );
    for (const row of candidates) this.#check(row);
    this.#convertsToOwn(this.#findType(undefined, name));
    return candidates;
  }

  /**
   * Notes `(x).name` where x has no column of that name that we know of: the server then calls a function of that
   * name with x, or converts x to a type of that name. Spec: manual, "Using Composite Types in Queries". True when
   * there is anything that it could mean.
   */
  field(name: string): boolean {
    const candidates = this.catalogue.functionsNamed(name).filter((row) => this.#schemas.has(row.schema));
    const type = this.#findType(undefined, name);
    if (candidates.length === 0 && type === null) return false;
    for (const row of candidates) this.#check(row);
    if (changing.has(name)) this.findings.unknowns.add(`${name} is called in an unusual way`);
    if (type !== null) this.#converts(type);
    return true;
  }

  #check(row: SnapshotFunction): void {
    const qualified = `${row.schema}.${row.name}`;
    const known = this.findings.functions.get(qualified);
    const volatility = VOLATILITY[row.volatility];
    const strongest: FunctionRef['volatility'] =
      known === undefined || volatility === 'volatile' || known.volatility === 'immutable'
        ? volatility
        : known.volatility;
    this.findings.functions.set(qualified, { schema: row.schema, name: row.name, volatility: strongest });
    const refusal = this.refusal(row.schema, row.name, row.extension);
    if (refusal !== null) this.findings.unknowns.add(refusal);
    this.#typesOf(row);
  }

  /** What is given to a function, and what it gives, becomes of its types. */
  #typesOf({ schema, name, types, returnType }: SnapshotFunction): void {
    const added = [...types, returnType].filter((type) => type >= FIRST_USER_OID);
    for (const type of added) this.checksOf(type, `a check or operator class of a type of ${schema}.${name}`);
    if (added.length > 0) this.#unaskedCasts(added);
  }

  /** Notes a function that the server calls by itself because of `what`. */
  noteAttached(called: Snapshot['attached'][number], what: string): void {
    const refusal =
      this.refusal(called.schema, called.function, called.extension) ??
      (called.onRead ? null : changesUnnamed(called.schema, called.function));
    if (refusal !== null) this.findings.unknowns.add(`${what}: ${refusal}`);
  }

  /** Notes what checks of the domains in a type call when a value becomes one of it. */
  checksOf(type: number, what: string): void {
    for (const called of this.catalogue.checksOf(type)) this.noteAttached(called, what);
  }

  /** Notes what the default of a domain calls where a column of it has none. */
  defaultOf(domain: number, what: string): void {
    for (const called of this.catalogue.defaultOf(domain)) this.noteAttached(called, what);
  }

  /** Casts that the server may apply to values of these types without being told to, whatever they came from. */
  #unaskedCasts(types: readonly number[]): void {
    const { unaskedCasts, castsToJson } = this.catalogue;
    if (unaskedCasts.length + castsToJson.length === 0) return;
    const within = new Set(types.flatMap((type) => [...this.catalogue.typesWithin(type)]));
    for (const cast of unaskedCasts) {
      if (within.has(cast.source) || within.has(cast.target)) this.#cast(cast);
    }
    for (const cast of castsToJson) if (within.has(cast.source)) this.#cast(cast);
  }

  /** A literal beside a value may be read as the value's type, and a row's fields as those of the row. */
  #fields(relation: Relation, seen: Set<Relation> = new Set()): void {
    seen.add(relation);
    for (const { name, type, typeOid } of relation.columns) {
      const row = this.#temporaryTypes.get(typeOid);
      if (row !== undefined) {
        if (!seen.has(row)) this.#fields(row, seen);
      } else if (relation.temporary && !this.catalogue.knowsType(typeOid)) {
        this.findings.unknowns.add(`type ${type} of ${relation.name}.${name} is not in the catalogue`);
      } else this.checksOf(typeOid, `a check in the type of ${relation.name}.${name}`);
    }
    this.#unaskedCasts(relation.columns.map(({ typeOid }) => typeOid));
  }

  /** Notes what the server calls as it plans and runs a query of its own of a relation: for a foreign key, say. */
  noteKeyQuery({ oid, schema, name }: Relation): void {
    for (const part of [oid, ...this.catalogue.descendants(oid)]) {
      for (const called of this.catalogue.attachedTo(part)) {
        if (called.planned) this.noteAttached(called, `an index, check or statistics of ${schema}.${name}`);
      }
    }
  }

  /** Casts and comparisons of the server's own types, which the server may apply to any value. */
  appliedAnywhere(): void {
    for (const called of this.catalogue.comparedAnywhere) {
      this.noteAttached(called, "an operator class for a type of the server's own");
    }
    for (const cast of this.catalogue.unaskedCasts) {
      if (cast.source < FIRST_USER_OID && cast.target < FIRST_USER_OID) this.#cast(cast);
    }
  }

  #cast(cast: UserCast): void {
    if (cast.function === null || cast.functionSchema === null) return;
    const refusal = this.refusal(cast.functionSchema, cast.function, cast.extension);
    if (refusal !== null) this.findings.unknowns.add(`the cast from ${cast.shown}: ${refusal}`);
  }

  /** Why a function may not be called, or null when it may. */
  refusal(schema: string, name: string, extension: string | null): string | null {
    const qualified = `${schema}.${name}`;
    if (this.#reviewed.has(qualified)) return this.#astray(schema, name);
    if (extension !== null && trustedExtensions.has(extension)) return null;
    if (extension === null && schema === 'information_schema' && name.startsWith('_pg_')) return null;
    if (extension === null && schema === 'pg_catalog') {
      if (isAllowedFunction(name)) return null;
      return `function ${name} ${deniedFunctions.get(name) ?? 'is not among the functions known to be safe'}`;
    }
    return `function ${qualified} is not reviewed`;
  }

  /** A function's body is read by the search path of whoever calls it, unless it sets its own. */
  #astray(schema: string, name: string): string | null {
    if (this.#readsBodiesAsReviewed) return null;
    const moves = this.catalogue.functionsNamed(name).some((row) => row.schema === schema && !row.pinned);
    if (!moves) return null;
    return `function ${schema}.${name} was reviewed under the database's own search path, and yours is another`;
  }

  /** Notes an operator that the syntax stands for: `IN` is `=`. It's found by the search path like any other. */
  impliedOperator(...names: readonly string[]): void {
    for (const sval of names) this.operator([{ String: { sval } }]);
  }

  /** Notes an operator: the server's own are fine, anybody else's only when its function is. */
  operator(nameNodes: readonly Node[] | undefined): void {
    const parts = dottedName(nameNodes);
    const name = parts.at(-1) ?? '';
    const schema = parts.length > 1 ? parts.at(-2) : undefined;
    if (schema === 'pg_catalog') return;
    const candidates = this.catalogue
      .operatorsNamed(name)
      .filter((row) => (schema === undefined ? this.#schemas.has(row.schema) : row.schema === schema));
    if (schema !== undefined && candidates.length === 0) {
      this.findings.unknowns.add(`operator ${schema}.${name} is not known`);
    }
    for (const row of candidates) {
      if (row.extension !== null && trustedExtensions.has(row.extension)) continue;
      const builtIn = row.functionSchema === 'pg_catalog' && isAllowedFunction(row.function);
      if (builtIn || this.refusal(row.functionSchema, row.function, null) === null) continue;
      this.findings.unknowns.add(
        `operator ${row.schema}.${row.name} calls ${row.functionSchema}.${row.function}, which is not reviewed`,
      );
    }
  }

  /**
   * The schema of the `=` that the server takes for two values of the extension citext, written by its name alone: the
   * extension's where the search path has it, else they are compared as texts. Null where somebody's own may come first.
   */
  citextEquality(): string | null {
    const visible = this.catalogue.operatorsNamed('=').filter(({ schema }) => this.#schemas.has(schema));
    if (visible.some(({ extension }) => extension === null)) return null;
    return visible.find(({ extension }) => extension === 'citext')?.schema ?? 'pg_catalog';
  }

  /** Notes the operator class of an index or of a partition key: its functions compare every value there. */
  operatorClass(nameNodes: readonly Node[] | undefined): void {
    const name = dottedName(nameNodes).at(-1) ?? '';
    for (const {
      schema,
      functionSchema,
      function: called,
      extension,
    } of this.catalogue.functionsOfOperatorClass(name)) {
      const refusal = this.refusal(functionSchema, called, extension);
      if (refusal !== null) this.findings.unknowns.add(`operator class ${schema}.${name}: ${refusal}`);
    }
  }

  /** Notes a type in a cast or a column definition. */
  type(node: TypeName | undefined): void {
    const { schema, name, shown } = typeName(node);
    if (schema === undefined && SERIALS.has(name)) return;
    if (node?.pct_type === true) return;
    const found = this.#findType(schema, name);
    if (found === null) {
      this.findings.unknowns.add(`type ${shown} is not in the catalogue`);
      return;
    }
    this.#converts(found);
    // Before version 17 `json` is a name like others, which the search path may find elsewhere.
    if (schema === 'pg_catalog' && name === 'json') this.#convertsToOwn(this.#findType(undefined, name));
  }

  /** Notes the default that a new column takes of its type. */
  defaultOfTypeNamed(node: TypeName | undefined): void {
    const { schema, name } = typeName(node);
    const found = this.#findType(schema, name);
    if (found === null || 'columns' in found) return;
    this.defaultOf(found.oid, `the default of type ${found.schema}.${found.name}`);
  }

  /** Whether a new column of a type takes a default of it that is another value each time. */
  isFilledAnew(node: TypeName | undefined): boolean {
    const { schema, name } = typeName(node);
    if (schema === undefined && SERIALS.has(name)) return true;
    const found = this.#findType(schema, name);
    if (found === null || 'columns' in found) return false;
    return this.catalogue
      .defaultOf(found.oid)
      .some((called) =>
        this.catalogue
          .functionsNamed(called.function)
          .some((row) => row.schema === called.schema && row.volatility === 'v'),
      );
  }

  #convertsToOwn(found: NamedType | Relation | null): void {
    if (found !== null && !isSystemSchema(found.schema)) this.#converts(found);
  }

  #converts(found: NamedType | Relation): void {
    if ('columns' in found) {
      this.#fields(found);
      this.#castsTo(found.type);
      return;
    }
    const own = !isSystemSchema(found.schema);
    if (own && found.kind === 'b' && !(found.extension !== null && trustedExtensions.has(found.extension))) {
      const array = found.name.startsWith('_');
      if (!array) this.findings.unknowns.add(`type ${found.schema}.${found.name} has its own input function`);
    }
    this.checksOf(found.oid, `a check of type ${found.schema}.${found.name}`);
    this.#castsTo(found.oid);
    this.#unaskedCasts([found.oid]);
  }

  /** What becomes of a domain, array or row type by a cast that is written, is cast to what that is made of. */
  #castsTo(type: number, seen: Set<number> = new Set()): void {
    if (seen.has(type)) return;
    seen.add(type);
    const columns = this.#temporaryTypes.get(type)?.columns ?? [];
    for (const { typeOid } of columns) this.#castsTo(typeOid, seen);
    for (const part of this.catalogue.typesWithin(type)) {
      for (const cast of this.catalogue.castsTo(part)) this.#cast(cast);
    }
  }

  /** A type by its name; one of pg_temp, which the catalogue doesn't have, as what has its parts for columns. */
  #findType(schema: string | undefined, name: string): NamedType | Relation | null {
    const types = this.catalogue.typesNamed(name);
    if (schema !== undefined) {
      if (isTemporarySchema(schema)) return this.#temporaryTypesByName.get(name) ?? null;
      return types.find((type) => type.schema === schema) ?? null;
    }
    for (const candidate of this.#path) {
      if (isTemporarySchema(candidate)) {
        const row = this.#temporaryTypesByName.get(name);
        if (row !== undefined) return row;
        continue;
      }
      const found = types.find((type) => type.schema === candidate);
      if (found !== undefined) return found;
    }
    return null;
  }
}

function typeName(node: TypeName | undefined): { schema: string | undefined; name: string; shown: string } {
  const parts = dottedName(node?.names);
  return {
    schema: parts.length > 1 ? parts.at(-2) : undefined,
    name: parts.at(-1) ?? '',
    shown: parts.join('.'),
  };
}

function samePath(left: readonly string[], right: readonly string[]): boolean {
  const shown = (path: readonly string[]) =>
    JSON.stringify(path.filter((schema) => !isTemporarySchema(schema)));
  return shown(left) === shown(right);
}
