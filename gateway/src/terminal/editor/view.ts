import { visible } from '../screen/styled.ts';
import type { Editor } from './state.ts';

/** The prompt to show: the caller's, or in a search what is searched for. */
export function promptOf({ search }: Editor, prompt: string): string {
  if (search === null) return prompt;
  const direction = search.older ? 'reverse-i-search' : 'i-search';
  return `(${search.failed ? 'failed ' : ''}${direction})\`${visible(search.query).text}': `;
}
