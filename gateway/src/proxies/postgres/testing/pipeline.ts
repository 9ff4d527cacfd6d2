import type { FrontendMessage } from '../../../wire/postgres/index.ts';

/** Messages of the extended protocol, as tests send them: the unnamed statement and portal, without parameters. */
type Of<Type extends FrontendMessage['type']> = Extract<FrontendMessage, { type: Type }>;

export const parse = (query: string): Of<'parse'> => ({
  type: 'parse',
  statement: '',
  query,
  parameterTypes: [],
});
export const bind: Of<'bind'> = {
  type: 'bind',
  portal: '',
  statement: '',
  parameterFormats: [],
  parameters: [],
  resultFormats: [],
};
export const execute: FrontendMessage = { type: 'execute', portal: '', maxRows: 0 };
export const sync: FrontendMessage = { type: 'sync' };
export const flush: FrontendMessage = { type: 'flush' };

/** A statement in a pipeline, which somebody else ends. */
export const run = (query: string): FrontendMessage[] => [parse(query), bind, execute];
