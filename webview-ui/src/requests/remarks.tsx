import type { VNode } from 'preact';
import type { Remark } from '../../../gateway/contract/approval-request.ts';

/** What requester and approvers said to each other, in order; nothing when they did not. */
export function Remarks({
  remarks,
  me,
}: {
  readonly remarks: readonly Remark[];
  readonly me: string | null;
}): VNode | null {
  if (remarks.length === 0) return null;
  return (
    <section>
      <h3>Remarks</h3>
      <ul class="remarks">
        {remarks.map(({ by, at, text }) => (
          <li key={at + by.id} class={by.id === me ? 'mine' : ''}>
            <p class="quiet">
              {by.id === me ? 'You' : by.name} · {new Date(at).toLocaleTimeString('en-GB')}
            </p>
            <p class="said">{text}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
