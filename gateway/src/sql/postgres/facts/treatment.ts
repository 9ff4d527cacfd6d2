import type { Node } from 'libpg-query';
import type { SqlSessionState } from '../../engine.ts';
import { type Body, type Tag, tagOf } from '../parse/node.ts';
import { type DefinitionTreatment, definitionTreatment, definitionTreatmentOf } from './definitions.ts';
import { queryTreatments } from './queries.ts';
import { sessionTreatments } from './session.ts';
import type { Shape } from './shape.ts';
import type { Walk } from './walk.ts';

/** How one kind of statement is looked at. Every statement node of the grammar has one, or falls to definitions. */
export type Treatment<T extends Tag> = (walk: Walk, body: Body<T>, session: SqlSessionState) => Shape;
export type Treatments = { readonly [T in Tag]?: Treatment<T> };

/** Looks at a whole statement and says what kind it is. */
export function treat(walk: Walk, tree: Node, session: SqlSessionState): Shape {
  const tag = tagOf(tree) ?? 'Query';
  const treatment = (queryTreatments[tag] ?? sessionTreatments[tag]) as Treatment<Tag> | undefined;
  const body = Object.values(tree)[0] as Body<Tag>;
  return treatment === undefined ? definitionTreatment(walk, tag, tree) : treatment(walk, body, session);
}

/** Kinds of statement that can't stand by themselves: parts of others, or of a function's body. */
export const PARTS: ReadonlySet<Tag> = new Set([
  'PLAssignStmt',
  'RawStmt',
  'ReplicaIdentityStmt',
  'ReturnStmt',
  'SetOperationStmt',
]);

/** How a kind of statement is treated, for the manual; null when nobody has decided. */
export function treatmentOf(tag: Tag): 'query' | 'session' | 'part' | DefinitionTreatment | null {
  if (tag in queryTreatments) return 'query';
  if (tag in sessionTreatments) return 'session';
  return PARTS.has(tag) ? 'part' : definitionTreatmentOf(tag);
}
