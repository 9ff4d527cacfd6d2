import * as z from 'zod';
import { MaskReason } from './verdict.ts';

export const CatalogueColumn = z.object({
  name: z.string(),
  type: z.string(),
  nullable: z.boolean(),
  primaryKey: z.boolean(),
  /** The mask this principal would see, or null. */
  masked: MaskReason.nullable(),
});
export type CatalogueColumn = z.infer<typeof CatalogueColumn>;

export const CatalogueRelation = z.object({
  name: z.string(),
  kind: z.enum(['table', 'view', 'materializedView', 'partitionedTable', 'foreignTable', 'sequence']),
  columns: z.array(CatalogueColumn),
});
export type CatalogueRelation = z.infer<typeof CatalogueRelation>;

export const CatalogueFunction = z.object({ name: z.string(), arguments: z.string(), returns: z.string() });
export type CatalogueFunction = z.infer<typeof CatalogueFunction>;

export const CatalogueSchema = z.object({
  name: z.string(),
  relations: z.array(CatalogueRelation),
  functions: z.array(CatalogueFunction),
});
export type CatalogueSchema = z.infer<typeof CatalogueSchema>;

/** What the explorer shows of one target, for one principal. */
export const CatalogueView = z.object({ version: z.string(), schemas: z.array(CatalogueSchema) });
export type CatalogueView = z.infer<typeof CatalogueView>;
