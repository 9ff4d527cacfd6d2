import type { VNode } from 'preact';

/** Drawn on 16 by 16, in the current colour. */
const PATHS = {
  lock: 'M5 7V5a3 3 0 0 1 6 0v2h.5A1.5 1.5 0 0 1 13 8.5v4A1.5 1.5 0 0 1 11.5 14h-7A1.5 1.5 0 0 1 3 12.5v-4A1.5 1.5 0 0 1 4.5 7H5Zm1 0h4V5a2 2 0 1 0-4 0v2Zm2 2.3a1 1 0 0 0-.5 1.87v.83h1v-.83A1 1 0 0 0 8 9.3Z',
  ascending: 'M8 3.3 12.2 7.5l-.7.7L8.5 5.2V13h-1V5.2l-3 3-.7-.7L8 3.3Z',
  descending: 'M8 12.7 3.8 8.5l.7-.7 3 3V3h1v7.8l3-3 .7.7L8 12.7Z',
  more: 'M4 8a1 1 0 1 1-2 0 1 1 0 0 1 2 0Zm5 0a1 1 0 1 1-2 0 1 1 0 0 1 2 0Zm5 0a1 1 0 1 1-2 0 1 1 0 0 1 2 0Z',
  filter: 'M2 3h12v1.2L9.5 9v4.2L6.5 12V9L2 4.2V3Zm1.6 1L7.5 8.2v3.1l1 .4V8.2L12.4 4H3.6Z',
  copy: 'M5 2h7.5A1.5 1.5 0 0 1 14 3.5V11h-1V3.5a.5.5 0 0 0-.5-.5H5V2ZM3.5 4.5h6A1.5 1.5 0 0 1 11 6v6.5A1.5 1.5 0 0 1 9.5 14h-6A1.5 1.5 0 0 1 2 12.5V6a1.5 1.5 0 0 1 1.5-1.5Zm0 1A.5.5 0 0 0 3 6v6.5a.5.5 0 0 0 .5.5h6a.5.5 0 0 0 .5-.5V6a.5.5 0 0 0-.5-.5h-6Z',
  save: 'M7.5 2h1v6.3l2.3-2.3.7.7L8 10.2 4.5 6.7l.7-.7 2.3 2.3V2ZM2.5 10h1v2.5a.5.5 0 0 0 .5.5h8a.5.5 0 0 0 .5-.5V10h1v2.5A1.5 1.5 0 0 1 12 14H4a1.5 1.5 0 0 1-1.5-1.5V10Z',
  detail:
    'M3.5 2h9A1.5 1.5 0 0 1 14 3.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 12.5v-9A1.5 1.5 0 0 1 3.5 2Zm0 1a.5.5 0 0 0-.5.5v9a.5.5 0 0 0 .5.5H9V3H3.5ZM10 3v10h2.5a.5.5 0 0 0 .5-.5v-9a.5.5 0 0 0-.5-.5H10Z',
  stop: 'M3.5 3h9a.5.5 0 0 1 .5.5v9a.5.5 0 0 1-.5.5h-9a.5.5 0 0 1-.5-.5v-9a.5.5 0 0 1 .5-.5Zm.5 1v8h8V4H4Z',
  again: 'M13 8a5 5 0 1 1-1.5-3.55V2.5h1V6.2H8.8v-1h2A4 4 0 1 0 12 8h1Z',
  close: 'm8 7.3 3.6-3.6.7.7L8.7 8l3.6 3.6-.7.7L8 8.7l-3.6 3.6-.7-.7L7.3 8 3.7 4.4l.7-.7L8 7.3Z',
  add: 'M7.5 3h1v4.5H13v1H8.5V13h-1V8.5H3v-1h4.5V3Z',
  blocked:
    'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2Zm0 1a5 5 0 0 0-3.88 8.15l7.03-7.03A4.98 4.98 0 0 0 8 3Zm3.88 1.85-7.03 7.03A5 5 0 0 0 11.88 4.85Z',
  waiting:
    'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2Zm0 1a5 5 0 1 0 0 10A5 5 0 0 0 8 3Zm-.5 1.5h1v3.3l2.2 1.27-.5.87L7.5 8.37V4.5Z',
  error:
    'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2Zm0 1a5 5 0 1 0 0 10A5 5 0 0 0 8 3Zm-.6 2h1.2v4H7.4V5Zm.6 5.2a.8.8 0 1 1 0 1.6.8.8 0 0 1 0-1.6Z',
  done: 'm6.3 11.5-3.2-3.2.7-.7 2.5 2.5 6-6 .7.7-6.7 6.7Z',
  table:
    'M3.5 3h9A1.5 1.5 0 0 1 14 4.5v7a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 11.5v-7A1.5 1.5 0 0 1 3.5 3ZM3 7v1.5h3.5V7H3Zm4.5 0v1.5H13V7H7.5ZM13 9.5H7.5V12h5a.5.5 0 0 0 .5-.5v-2ZM6.5 12V9.5H3v2a.5.5 0 0 0 .5.5h3ZM3 6h10V4.5a.5.5 0 0 0-.5-.5h-9a.5.5 0 0 0-.5.5V6Z',
  warning:
    'M8 2.2 14.6 13.6H1.4L8 2.2Zm0 2L3.1 12.6h9.8L8 4.2ZM7.4 7h1.2v3H7.4V7Zm.6 3.7a.7.7 0 1 1 0 1.4.7.7 0 0 1 0-1.4Z',
  play: 'M4 2.5v11l9-5.5-9-5.5Zm1 1.8L11 8l-6 3.7V4.3Z',
  pause: 'M4 3h3v10H4V3Zm1 1v8h1V4H5Zm4-1h3v10H9V3Zm1 1v8h1V4h-1Z',
  previous: 'M3 3h1v10H3V3Zm10 0v10L5.5 8 13 3Zm-1 1.9L7.3 8l4.7 3.1V4.9Z',
  next: 'M12 3h1v10h-1V3ZM3 3l7.5 5L3 13V3Zm1 1.9v6.2L8.7 8 4 4.9Z',
  search: 'M7 2a5 5 0 0 1 3.9 8.2l3 3-.7.7-3-3A5 5 0 1 1 7 2Zm0 1a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z',
  chevron: 'm8 9.8 3.5-3.5.7.7L8 11.2 3.8 7l.7-.7L8 9.8Z',
} as const;

export type IconName = keyof typeof PATHS;

/** Stands once in the page; every icon points at it. */
export function IconSprite(): VNode {
  return (
    <svg class="sprite" aria-hidden="true">
      {Object.entries(PATHS).map(([name, path]) => (
        <symbol key={name} id={`icon-${name}`} viewBox="0 0 16 16">
          <path d={path} fill="currentColor" fill-rule="evenodd" />
        </symbol>
      ))}
    </svg>
  );
}

export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg class="icon" aria-hidden="true" focusable="false">
      <use href={`#icon-${name}`} />
    </svg>
  );
}
