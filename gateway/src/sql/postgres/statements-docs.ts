import { writeFileSync } from 'node:fs';
import { assertNever } from '../../../contract/assert-never.ts';
import { CatalogueVersion } from '../../../contract/ids.ts';
import { Catalogue } from './catalogue/catalogue.ts';
import { Snapshot } from './catalogue/snapshot.ts';
import { EXAMPLES, type StatementTag } from './facts/examples.ts';
import { examine } from './facts/statement.ts';
import { treatmentOf } from './facts/treatment.ts';
import { tagOf } from './parse/node.ts';
import { parse, ready } from './parse/parser.ts';

const HEAD = `# Statements

Every kind of statement that PostgreSQL 14 to 18 has, what a policy calls it in \`doing\`, and how it is treated. All
are decided by the policy first; the treatment says what the gateway makes of the rest. Whatever the treatment,
a function, type, operator, setting or relation that is not known or not on the allow-lists blocks the statement.

- **analysed**: what it reads, writes, discloses and calls is told from its tree, and masks are put below its reads.
- **session**: it is about the session, the transaction or upkeep; the relations that it names are told.
- **definition**: what it makes or changes is told from its tree, with what will be computed because of it.
- **closed where anything is masked**: what it makes or changes can compute on any table later. It runs for people for
  whom no column of the target is masked, and is refused for others.
- **never**: blocked, with the reason.
- **part**: stands only inside of other statements.

This file is generated: \`node gateway/src/sql/postgres/statements-docs.ts\`. A test compares it with the node list of
PostgreSQL's grammar.

| Node of the grammar | For example | In a policy | Treatment |
| --- | --- | --- | --- |
`;

/** docs/STATEMENTS.md: each statement node with an example that was parsed and analysed. Call after `ready`. */
export function statementsDocument(): string {
  const tags = Object.keys(EXAMPLES).toSorted() as StatementTag[];
  return `${HEAD}${tags.map(row).join('\n')}\n`;
}

function row(tag: StatementTag): string {
  const example = EXAMPLES[tag];
  if (example === null) return `| ${tag} | | | ${treatmentText(tag)} |`;
  const { shape, findings } = examined(tag, example);
  // Names that the examples invent are unknown; what the statement itself is blocked for begins with its name.
  const [command = ''] = example.split(' ');
  const never = [...findings.unknowns].find(
    (why) => treatmentOf(tag) === 'never' || why.startsWith(`${command} `),
  );
  const treatment = findings.opaque.size > 0 ? CLOSED : treatmentText(tag);
  const shown = example.replaceAll('|', '\\|');
  return `| ${tag} | \`${shown}\` | ${shape.kind} | ${never === undefined ? treatment : `never: ${never}`} |`;
}

const CLOSED = 'closed where anything is masked';

function treatmentText(tag: StatementTag): string {
  const treatment = treatmentOf(tag);
  switch (treatment) {
    case 'query':
      return 'analysed';
    case 'lookedInto':
      return 'definition';
    case 'opaque':
      return CLOSED;
    case 'session':
    case 'never':
    case 'part':
      return treatment;
    case null:
      throw new Error(`Nobody has decided how ${tag} is treated.`);
    default:
      return assertNever(treatment);
  }
}

const NOTHING = new Catalogue(
  Snapshot.parse(Object.fromEntries(Object.keys(Snapshot.shape).map((name) => [name, []]))),
);

/** @throws Error when the example is not of this kind. */
function examined(tag: StatementTag, example: string) {
  const parsed = parse(example);
  const statement = parsed.kind === 'parsed' ? parsed.statements[0] : undefined;
  if (statement === undefined || tagOf(statement.tree) !== tag) throw new Error(`${example} is no ${tag}`);
  const session = {
    searchPath: ['public'],
    role: 'someone',
    temporary: [],
    prepared: new Map(),
    cursors: new Map(),
  };
  const catalogue = CatalogueVersion.parse('none');
  const request = { text: example, catalogue, session, reviewedFunctions: new Set<string>() };
  return examine(statement, NOTHING, request);
}

if (import.meta.main) {
  await ready;
  writeFileSync(new URL('../../../../docs/STATEMENTS.md', import.meta.url), statementsDocument());
}
