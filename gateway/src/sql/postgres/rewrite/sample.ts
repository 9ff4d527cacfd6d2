import type { Node, RangeTableSample, RangeVar } from 'libpg-query';
import { quoted } from '../masks/type-name.ts';
import { withoutBlanksAfter } from '../parse/blanks.ts';
import { bodyOf, tagOf } from '../parse/node.ts';
import { parse, type Token } from '../parse/parser.ts';
import { type Plan, sameTree } from './splice.ts';

/**
 * `t [alias] TABLESAMPLE m (n) [REPEATABLE (s)]` → `(SELECT … FROM t TABLESAMPLE m (n) …) alias`: the table itself is
 * sampled, below its masks. Which rows come depends on where they lie, never on their values.
 */
export function samplePlan(
  plan: Plan,
  node: RangeVar,
  sample: RangeTableSample,
  source: string,
  tokens: readonly Token[],
  { first, last }: { first: number; last: number },
  masking: string,
): string | null {
  const arguments_ = [
    ...(sample.args ?? []),
    ...(sample.repeatable === undefined ? [] : [sample.repeatable]),
  ];
  // Inside the subquery nothing else of the statement can be named.
  if (!arguments_.every(isPlain)) return NOT_PLAIN;
  const at = tokens.findIndex(({ text }, index) => index > last && text.toLowerCase() === 'tablesample');
  const stop = endOf(tokens, at);
  const start = tokens[first]?.start;
  const named = tokens[last]?.end;
  const from = tokens[at]?.start;
  const end = tokens[stop]?.end;
  if (at < 0 || start === undefined || named === undefined || from === undefined || end === undefined)
    return NOT_FOUND;
  const query = `${masking} ${source.slice(from, end)}`;
  const parsed = parse(query);
  const subquery = parsed.kind === 'parsed' ? parsed.statements[0]?.tree : undefined;
  const own = bodyOf(bodyOf(subquery, 'SelectStmt')?.fromClause?.[0], 'RangeTableSample');
  const { relation: _theirs, ...asked } = sample;
  const { relation: _own, ...kept } = own ?? {};
  if (subquery === undefined || !sameTree(kept, asked)) return NOT_FOUND;
  const name = node.relname ?? '';
  const alias =
    node.alias === undefined ? ` AS ${quoted(name)}` : withoutBlanksAfter(source.slice(named, from));
  plan.edits.push({ start, end, text: `(${query})${alias}` });
  plan.becomes.set(sample, {
    tag: 'RangeSubselect',
    body: { subquery, alias: node.alias ?? { aliasname: name } },
  });
  return null;
}

const NOT_FOUND = 'Refused, because a reference to a masked relation could not be found in the text.';
const NOT_PLAIN =
  'Refused, because TABLESAMPLE of a table with masked columns takes constants and parameters only.';

function isPlain(node: Node): boolean {
  const tag = tagOf(node);
  if (tag === 'A_Const' || tag === 'ParamRef') return true;
  const { arg } = bodyOf(node, 'TypeCast') ?? {};
  return arg !== undefined && isPlain(arg);
}

/** The last token of a TABLESAMPLE clause that begins at `at`. */
function endOf(tokens: readonly Token[], at: number): number {
  const closing = (open: number) => {
    let depth = 0;
    for (let index = open; index < tokens.length; index += 1) {
      if (tokens[index]?.text === '(') depth += 1;
      if (tokens[index]?.text === ')') depth -= 1;
      if (depth === 0 && tokens[index]?.text === ')') return index;
    }
    return -1;
  };
  const open = tokens.findIndex(({ text }, index) => index > at && text === '(');
  const last = closing(open);
  const isRepeatable = tokens[last + 1]?.text.toLowerCase() === 'repeatable';
  return isRepeatable ? closing(last + 2) : last;
}
