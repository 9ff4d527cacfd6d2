import type { Catalogue } from '../../catalogue/catalogue.ts';
import { maskingViewOf } from '../masking-view.ts';
import { canonical } from '../names.ts';
import type { RelationPlan } from '../relation-plan.ts';
import { viewsOf } from '../statements.ts';
import { type Finding, note, open } from './findings.ts';

/** What the role can read of relations with masked columns without the gateway. */
export function relationFindings(plans: readonly RelationPlan[], catalogue: Catalogue): Finding[] {
  return plans.flatMap((plan) => {
    const { relation, variants } = plan;
    const name = `${relation.schema}.${relation.name}`;
    const closed = new Set(catalogue.closedColumns(relation));
    const readable = relation.columns.filter((column) => !closed.has(column));
    if (catalogue.isOwn(relation.oid) && (variants.size > 0 || plan.withheld !== null)) {
      return [open('relation', name, 'the role owns it, and so reads all of it')];
    }
    if (plan.reading === 'none' && plan.withheld !== null) {
      return readable.length > 0
        ? [open('relation', name, `it can be read, and ${plan.withheld}`)]
        : [note('relation', name, `refused through the gateway: ${plan.withheld}`)];
    }
    const masked = readable.filter((column) => variants.has(column.name));
    return [
      ...masked.map((column) =>
        open('column', `${name}.${column.name}`, 'it is masked, and can be read directly'),
      ),
      ...(plan.withheld === null
        ? []
        : [note('relation', name, `its masked columns are refused: ${plan.withheld}`)]),
    ];
  });
}

/** Masking views that are missing, don't fit any more, or can't be read; and views that nothing needs. */
export function viewFindings(
  plans: readonly RelationPlan[],
  catalogue: Catalogue,
  readable: readonly string[],
): Finding[] {
  const wanted = plans
    .filter(({ reading }) => reading === 'view')
    .flatMap((plan) => viewsOf(plan, catalogue));
  const names = new Set(wanted.map(({ name }) => name));
  return [
    ...wanted.flatMap(({ name, relation, variants, only }) => {
      const known = maskingViewOf(catalogue, relation, only);
      if (known === 'missing') return [open('masking view', name, 'it is missing')];
      const there = known === 'stale' ? '' : listed(known.variants);
      if (there !== listed(variants)) {
        return [open('masking view', name, 'the table or the policy has changed since it was made')];
      }
      return readable.includes(name) ? [] : [open('masking view', name, 'the role may not read it')];
    }),
    ...readable
      .filter((name) => !names.has(name))
      .map((name) => open('masking view', name, 'nothing needs it any more, and it can be read')),
  ];
}

function listed(variants: ReadonlyMap<string, readonly Parameters<typeof canonical>[0][]>): string {
  const entries = [...variants].map(([column, methods]) => [column, methods.map(canonical).toSorted()]);
  return JSON.stringify(entries.toSorted());
}
