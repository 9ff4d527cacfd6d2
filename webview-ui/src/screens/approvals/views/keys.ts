import type { ShownRequest } from '../../../../../gateway/contract/approval-request.ts';
import type { FormKind } from '../model/inbox.ts';
import type { Screen } from '../screen.ts';

/** The one key of each act. `a` decides at once; the others open what there is to write. */
export const KEYS = { approve: 'A', limits: 'L', deny: 'D', remark: 'Q', propose: 'E', review: 'R' } as const;

const FORM_OF: Record<string, { form: FormKind; act: ShownRequest['acts'][number] }> = {
  l: { form: 'limits', act: 'approve' },
  d: { form: 'deny', act: 'deny' },
  q: { form: 'remark', act: 'remark' },
  e: { form: 'propose', act: 'propose' },
  r: { form: 'review', act: 'review' },
};

/** Does what a key stands for, if the person may do that with this request; whether it did. */
export function pressed({ key }: { key: string }, shown: ShownRequest, screen: Screen): boolean {
  const letter = key.toLowerCase();
  if (letter === 'a' && shown.acts.includes('approve')) {
    approve(shown, screen);
    return true;
  }
  const opened = FORM_OF[letter];
  if (opened === undefined || !shown.acts.includes(opened.act)) return false;
  screen.openForm(opened.form);
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
