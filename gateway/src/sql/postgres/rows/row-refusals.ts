import { type Column, columnsOf, isSystemSchema, type Relation } from '../catalogue/catalogue.ts';
import { countsRows } from '../facts/allowed/counting.ts';
import { isCounted } from '../facts/defaults.ts';
import { referringColumns } from '../facts/keys-told.ts';
import { byName, type IsGiven, movesRows } from '../facts/moved.ts';
import type { Names } from '../facts/names.ts';
import { numberedTables } from '../facts/numbered.ts';
import { allWrites } from '../facts/reached.ts';
import type { Examined } from '../facts/statement.ts';
import { viewFlow, viewsBehind } from '../facts/view.ts';
import { type EffectiveMasks, spoken } from '../masks/effective.ts';
import { askedEnds, isComputed, isReached } from '../rewrite/keys.ts';
import type { Refusal } from '../rewrite/refusals.ts';
import { isAskedAnew, stepsAlong } from '../rewrite/telling-updates.ts';
import { columnsOfFilters, qualifiedCondition } from './condition.ts';
import type { EffectiveRows } from './effective-rows.ts';

const ASK_FOR_ROWS = 'Ask somebody to whom all rows are shown to do it.';

/** Why a statement can't run while rows are hidden from the person, however it is rewritten; null when it can. */
export function rowRefusal(examined: Examined, rows: EffectiveRows, masks: EffectiveMasks): Refusal | null {
  if (!rows.any) return null;
  return (
    opaque(examined, rows) ??
    counting(examined, rows) ??
    references(examined, rows) ??
    groups(examined, rows, masks) ??
    policies(examined, rows) ??
    replacing(examined, rows) ??
    writes(examined, rows) ??
    numbering(examined, rows) ??
    telling(examined, rows)
  );
}

/** What can't be looked into may read anything. */
function opaque({ findings, related }: Examined, rows: EffectiveRows): Refusal | null {
  const [reason] = [...findings.opaque, ...findings.changesUnnamed];
  const hidden = [...related].find((relation) => rows.isFiltered(relation));
  return reason === undefined || hidden === undefined ? null : refusal(reason, hidden);
}

function counting({ findings, related }: Examined, rows: EffectiveRows): Refusal | null {
  const called = [...findings.functions.values()].find(countsRows);
  const hidden = [...related].find((relation) => rows.isFiltered(relation));
  if (called === undefined || hidden === undefined) return null;
  return refusal(`function ${called.name} tells how many rows there are`, hidden);
}

function references({ findings, shape, names }: Examined, rows: EffectiveRows): Refusal | null {
  for (const { relation, role, sampled } of findings.references.values()) {
    if (shape.kind === 'truncate' || (shape.kind === 'drop' && role === 'maintained')) {
      const lost = reachedByCascade(relation, names.catalogue).find((reached) => rows.concerns(reached));
      if (lost !== undefined) return refusal('it would remove rows that you don’t see', lost);
    }
    if (!rows.concerns(relation)) continue;
    const name = spokenRelation(relation);
    if (findings.explained) return refusal('a plan’s estimates count all rows', relation);
    if (role === 'altered') return refusal(`a change to ${name} works on all of its rows`, relation);
    if (sampled) return refusal('TABLESAMPLE tells how many rows there are', relation);
    if (role === 'maintained') continue;
    const problem = unreadable(relation, rows);
    if (problem !== null) return problem;
    const system = findings.systemColumns.get(relation);
    const column = [...(system ?? [])].find((own) => own !== 'tableoid');
    if (column !== undefined) return refusal(`system column ${column} tells where rows lie`, relation);
    if (role === 'target' && rows.behind(relation) !== null) {
      return refusal(
        `view ${name} writes to it, and which rows that reaches can't be told`,
        rows.behind(relation) ?? relation,
      );
    }
  }
  for (const [relation, used] of findings.systemColumns) {
    const referring = used.has('xmax') ? referringColumns(names.catalogue, relation) : [];
    const hidden = referring.find((column) => rows.concerns(column.relation));
    if (hidden === undefined) continue;
    return refusal(
      `xmax of ${spokenRelation(relation)} tells which of its rows are referred to`,
      hidden.relation,
    );
  }
  for (const asked of findings.askedKeys) {
    const hidden = askedEnds(names, asked).find((column) => rows.concerns(column.relation));
    if (hidden === undefined) continue;
    return refusal(`a foreign key would tell whether ${hidden.name} exists there`, hidden.relation);
  }
  for (const view of findings.asksTwice) {
    if (rows.concerns(view)) return refusal('a unique index would tell whether two rows are alike', view);
  }
  for (const view of findings.refreshed) {
    if (rows.concerns(view))
      return refusal('what is computed as it is filled may fail by rows that you don’t see', view);
  }
  for (const relation of findings.analysed) {
    if (rows.concerns(relation) && names.catalogue.columnsOfStatistics(relation.oid).length > 0)
      return refusal(
        'its statistics are of expressions, which may fail by rows that you don’t see',
        relation,
      );
  }
  for (const column of findings.probed) {
    if (!rows.concerns(column.relation)) continue;
    return refusal('an index or key would tell whether a value exists', column.relation);
  }
  return null;
}

/** In place of a table with a filter no key determines anything: a view would have its groups in the order of raw values. */
function groups({ findings, names }: Examined, rows: EffectiveRows, masks: EffectiveMasks): Refusal | null {
  for (const { relation } of findings.references.values()) {
    if (rows.behind(relation) === null) continue;
    for (const view of viewsBehind(names, relation)) {
      const masked = [...viewFlow(names, view).determined].find(
        (column) => rows.concerns(column.relation) && masks.maskOf(column) !== null,
      );
      if (masked !== undefined) {
        return refusal(
          `view ${spokenRelation(view)} shows ${spoken(masked)}, which is masked for you, beside GROUP BY of a key`,
          masked.relation,
        );
      }
    }
  }
  return null;
}

/** Row policies read what they look at as it is, whoever asks. */
function policies({ findings, names }: Examined, rows: EffectiveRows): Refusal | null {
  const { catalogue } = names;
  for (const { relation, role } of findings.references.values()) {
    if (role === 'altered' || role === 'maintained') continue;
    const reached = new Set([
      relation,
      ...viewsBehind(names, relation).flatMap((view) => viewFlow(names, view).relations),
    ]);
    for (const own of reached) {
      for (const asked of catalogue.relationsOfPolicies(own.oid)) {
        if (rows.concerns(asked))
          return refusal(`a row policy of ${spokenRelation(own)} reads all of its rows`, asked);
        reached.add(asked);
      }
    }
  }
  return null;
}

/** Who replaces a view would leave to everybody the rows that they see themselves. */
function replacing({ findings }: Examined, rows: EffectiveRows): Refusal | null {
  const view = [...findings.replaced].find((own) => rows.concerns(own));
  if (view === undefined) return null;
  return refusal(
    `everybody would see no more in view ${spokenRelation(view)} than you do`,
    rows.behind(view) ?? view,
  );
}

/** Why the rows of a relation can't be picked, whatever is read of it. */
function unreadable(relation: Relation, rows: EffectiveRows): Refusal | null {
  const stray = rows.strayChild(relation);
  if (stray !== null) {
    return {
      why: `Refused, because ${spokenRelation(relation)} also has the rows of ${spokenRelation(stray)}, of which you see only some, and the rule does not name ${spokenRelation(relation)}.`,
      next: `Read ${spokenRelation(stray)} itself, or ask the rule's owner to name the other table too.`,
    };
  }
  const behind = rows.behind(relation);
  if (behind !== null && relation.kind !== 'v') {
    return {
      why: `Refused, because ${spokenRelation(relation)} was filled with rows of ${spokenRelation(behind)}, of which you see only some.`,
      next: `Read ${spokenRelation(behind)} itself.`,
    };
  }
  for (const condition of rows.conditionsOf(relation)) {
    const made = qualifiedCondition(condition, relation, null);
    if ('problem' in made) {
      return {
        why: `Refused, because the rule that picks the rows of ${spokenRelation(relation)} can't be enforced: ${made.problem}.`,
        next: "Tell the rule's owner.",
      };
    }
  }
  return null;
}

/** What would change rows that aren't there for the person, or tell of them by failing. */
function writes({ findings, names }: Examined, rows: EffectiveRows): Refusal | null {
  for (const { relation, by } of allWrites(findings, names)) {
    if (rows.isFiltered(relation) || rows.strayChild(relation) !== null) {
      if (by === 'merge') return refusal('MERGE tells by what it does whether a row is there', relation);
      if (findings.conflicts.has(relation))
        return refusal('ON CONFLICT tells whether a row is there', relation);
      const isWritten = (own: Column) => isComputed((given) => findings.written.has(given), names, own);
      const picking = by === 'update' ? pickingColumn(relation, rows, isWritten) : null;
      if (picking !== null)
        return refusal(`your rows are picked by ${picking.name}, which it would write`, relation);
    }
    if (by !== 'delete' && by !== 'update') continue;
    const referring = by === 'delete' ? referringTo(relation, names.catalogue) : [];
    const hidden = referring.find((other) => rows.concerns(other));
    if (hidden !== undefined) {
      return refusal(`rows of ${spokenRelation(hidden)} may refer to what it deletes`, hidden);
    }
  }
  return null;
}

/** Whoever chooses the next number of a key asks by an INSERT that leaves it out whether a row has that one. */
function numbering({ findings, names: { catalogue } }: Examined, rows: EffectiveRows): Refusal | null {
  const hidden = numberedTables(catalogue, findings).find((relation) => rows.concerns(relation));
  return hidden === undefined ? null : refusal('who sets its next number would guess by it', hidden);
}

function pickingColumn(relation: Relation, rows: EffectiveRows, isWritten: IsGiven): Column | null {
  const used = columnsOfFilters(relation, rows);
  return relation.columns.find((column) => used.has(column.name) && isWritten(column)) ?? null;
}

/** Keys that would tell of hidden rows by failing. */
function telling({ findings, names }: Examined, rows: EffectiveRows): Refusal | null {
  const { catalogue } = names;
  const written = allWrites(findings, names);
  const targets = new Set(written.map((write) => write.relation));
  for (const target of targets) {
    const family = [
      target,
      ...[...catalogue.descendants(target.oid)].map((oid) => catalogue.relationByOid(oid)),
    ];
    const updates = written.some(
      ({ relation, by }) => relation === target && by !== 'insert' && by !== 'copyFrom',
    );
    const isGiven = byName(target, (own) => findings.written.has(own));
    const isWritten = (own: Column) => isComputed(isGiven, names, own);
    // A default that is no sequence's gives the same to whoever leaves a column to it.
    const isDefault = (own: Column) =>
      findings.filled.has(own) && !isCounted(catalogue.defaultExpressionOf(own));
    const isChosen = (own: Column) =>
      isComputed(
        byName(target, (one) => isGiven(one) || isDefault(one)),
        names,
        own,
      );
    const inserts = written.some(
      ({ relation, by }) => relation === target && (by === 'insert' || by === 'copyFrom'),
    );
    // What is left out and has no default is NULL, of which expressions make a value.
    const isLeft = (own: Column) =>
      inserts && !own.generated && !isGiven(own) && catalogue.defaultExpressionOf(own) === null;
    const isMade = (own: Column) =>
      isComputed(
        byName(target, (one) => isGiven(one) || isDefault(one) || isLeft(one)),
        names,
        own,
      );
    const moved = updates && movesRows(catalogue, target, isGiven);
    for (const owner of family.filter((member) => member !== undefined)) {
      for (const constraint of catalogue.constraintsOn(owner.oid)) {
        const { type, columns, referenced } = constraint;
        const keyed = columnsOf(owner, columns);
        const anew = updates && isAskedAnew(constraint, moved && owner !== target);
        const column = keyed.find((own) => anew || isWritten(own));
        const made = columnsOf(owner, constraint.keys);
        const isTaken = (own: Column) =>
          own.generated || !constraint.nullsDistinct ? isMade(own) : isChosen(own);
        const isTold = column !== undefined || (inserts && made.every(isTaken));
        if (type === 'u' && isTold && rows.concerns(target)) return uniqueTells(target, column ?? made[0]);
        const other = catalogue.relationByOid(referenced);
        const asked = keyed.find((own) => anew || isReached(findings, names, target, own));
        if (type === 'f' && asked !== undefined && other !== undefined && rows.concerns(other)) {
          return refusal(`a foreign key would tell whether ${asked.name} exists there`, other);
        }
      }
      const along = updates ? tellingAlong(owner, owner.columns.filter(isWritten), moved, names, rows) : null;
      if (along !== null) return along;
    }
  }
  return null;
}

function uniqueTells(target: Relation, column: Column | undefined): Refusal {
  if (column === undefined)
    return refusal('a unique key would tell whether there is a row that you don’t see', target);
  return refusal(
    `a unique key would tell whether ${column.name} exists in a row that you don’t see`,
    target,
    `Leave ${column.name} out, so that its default is taken.`,
  );
}

/** Keys that ask for hidden rows where an UPDATE changes what others refer to, directly or by what keys take along. */
function tellingAlong(
  relation: Relation,
  columns: readonly Column[],
  moved: boolean,
  names: Names,
  rows: EffectiveRows,
): Refusal | null {
  const written = columns.map(({ number }) => number);
  for (const { key, other, taken } of stepsAlong({ relation, removed: moved, written }, names)) {
    if (rows.concerns(other))
      return refusal(`rows of ${spokenRelation(other)} may refer to what it changes`, other);
    for (const { relation: next, written: set } of taken) {
      for (const { type, columns: own, referenced } of names.catalogue.constraintsOn(next.oid)) {
        const asked = names.catalogue.relationByOid(referenced);
        if (type !== 'f' || referenced === key.referenced || asked === undefined) continue;
        if (own.some((number) => set.includes(number)) && rows.concerns(asked))
          return refusal(
            `a foreign key of ${spokenRelation(next)} would tell whether a value exists there`,
            asked,
          );
      }
    }
  }
  return null;
}

/** What refers to a relation or what is in it, and to what a foreign key could take along: itself, where its rows do. */
function referringTo(relation: Relation, catalogue: Examined['names']['catalogue']): Relation[] {
  const reached = new Set<Relation>([relation]);
  const referring = new Set<Relation>();
  for (const next of reached) {
    const family = [next.oid, ...catalogue.descendants(next.oid)];
    for (const { relation: oid } of family.flatMap((own) => catalogue.constraintsReferencing(own))) {
      const other = catalogue.relationByOid(oid);
      if (other === undefined || isSystemSchema(other.schema)) continue;
      referring.add(other);
      reached.add(other);
    }
  }
  return [...referring];
}

/** A relation, what is in it, and what a foreign key with CASCADE could take along. */
function reachedByCascade(relation: Relation, catalogue: Examined['names']['catalogue']): Relation[] {
  const reached = new Set<Relation>([relation]);
  for (const next of reached) {
    const children = [...catalogue.descendants(next.oid)].map((oid) => catalogue.relationByOid(oid));
    const referring = catalogue
      .constraintsReferencing(next.oid)
      .map((key) => catalogue.relationByOid(key.relation));
    for (const other of [...children, ...referring]) if (other !== undefined) reached.add(other);
  }
  return [...reached].filter((other) => !isSystemSchema(other.schema));
}

function refusal(reason: string, relation: Relation, next = ASK_FOR_ROWS): Refusal {
  return {
    why: `Refused, because ${reason}, and you see only some rows of ${spokenRelation(relation)}.`,
    next,
  };
}

function spokenRelation({ schema, name }: Relation): string {
  return `${schema}.${name}`;
}
