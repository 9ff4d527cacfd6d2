import type { ShownRequest } from '../../../../../gateway/contract/approval-request.ts';
import { ACT_OF, FormKind } from '../model/inbox.ts';
import type { Screen } from '../screen.ts';

/** The one key of each act. `a` decides at once; the others open what there is to write. */
export const KEYS = { approve: 'A', limits: 'L', deny: 'D', remark: 'Q', propose: 'E', review: 'R' } as const;

const FORM_OF: Readonly<Record<string, FormKind>> = {
  l: 'limits',
  d: 'deny',
  q: 'remark',
  e: 'propose',
  r: 'review',
};
const FORMS = FormKind.options;

/** What this person may do and makes sense here: columns have neither a narrower statement nor a number of rows. */
export function formsOf({ acts, request }: ShownRequest): ReadonlySet<FormKind> {
  const isStatement = request.wanted.kind === 'statement';
  const may = (form: FormKind) => isStatement || (form !== 'limits' && form !== 'propose');
  return new Set(FORMS.filter((form) => acts.includes(ACT_OF[form]) && may(form)));
}

/** Does what a key stands for, if the person may do that with this request; whether it did. */
export function pressed({ key }: { key: string }, shown: ShownRequest, screen: Screen): boolean {
  const letter = key.toLowerCase();
  if (letter === 'a' && shown.acts.includes('approve')) {
    approve(shown, screen);
    return true;
  }
  const form = FORM_OF[letter];
  if (form === undefined || !formsOf(shown).has(form)) return false;
  screen.openForm(form);
  return true;
}

/** Agrees to exactly what is on screen, without limits. */
export function approve({ request }: ShownRequest, screen: Screen): void {
  void screen.act('approve', {
    request: request.id,
    effect: request.effect,
    reason: '',
    bounds: { maxRows: null, windowSeconds: null },
  });
}
