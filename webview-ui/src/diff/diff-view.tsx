import type { VNode } from 'preact';
import { diff } from './diff.ts';

/** One statement over the other: what is gone is struck out, what is new is underlined, and both are named to readers. */
export function DiffView({ before, after }: { readonly before: string; readonly after: string }): VNode {
  return (
    <pre class="statement diff">
      {diff(before, after).map(({ kind, text }, index) => {
        if (kind === 'old') return <del key={index}>{text}</del>;
        return kind === 'new' ? <ins key={index}>{text}</ins> : <span key={index}>{text}</span>;
      })}
    </pre>
  );
}
