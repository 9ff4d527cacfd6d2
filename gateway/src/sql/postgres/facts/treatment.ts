import type { Node } from 'libpg-query';
import type { SqlSessionState } from '../../engine.ts';
import { type Body, type Tag, tagOf } from '../parse/node.ts';
import { definitionTreatment } from './definitions.ts';
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
