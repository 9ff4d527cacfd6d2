import pg from 'pg';
import { stringify } from 'yaml';
import type { CatalogueVersion } from '../../gateway/contract/ids.ts';
import { person, policyOf, shop } from '../../gateway/src/core/policy/a-question.fixture.ts';
import type { Policy } from '../../gateway/src/core/policy/policy.ts';
import type { AnalysedStatement, AnalyseRequest, SqlEngine } from '../../gateway/src/sql/engine.ts';
import { loadCatalogue } from '../../gateway/src/sql/postgres/catalogue/load.ts';
import { sessionStateQuery } from '../../gateway/src/sql/postgres/catalogue/queries.ts';
import { decodeSessionState } from '../../gateway/src/sql/postgres/catalogue/snapshot.ts';
import type { ServerSession } from './server-session.ts';

export type Verdict =
  | { kind: 'unparsed'; why: string }
  /** One sentence for each statement of the text: what was decided, or why it is refused. */
  | { kind: 'decided'; outcomes: string[]; sentences: string[] };

const TARGET = 'regression';
/** A catalogue is read again when it has changed, at a script's beginning and after so many statements. */
const STATEMENTS_PER_CATALOGUE = 400;

/** Everything is allowed, and columns with names that the regression's tables often have are masked. */
const MASKING_SOME = policyOf(
  stringify({
    version: 1,
    tags: {
      'shop.*.*.f1': ['some'],
      'shop.*.*.b': ['some'],
      'shop.*.*.stringu1': ['some'],
      'shop.*.*.name': ['some'],
    },
    rules: [
      rule('anything', { on: 'everything', doing: 'anything' }, 'allow'),
      rule('some-masked', { on: { tags: ['some'] } }, { mask: { method: 'redact' } }),
    ],
  }),
);

function rule(id: string, matches: object, then: unknown): object {
  const common = { id, owner: 'tests@shop.example', because: 'So it is tested.', who: 'everyone' };
  return { ...common, ...matches, ...Object.fromEntries([['then', then]]) };
}

const ana = person(['developers']);

/** Asks the engine and the policy about statements as the gateway would, before they run. */
export class Judge {
  readonly #engine: SqlEngine;
  readonly #databaseUrl: string;
  readonly #policy: Policy;
  #catalogue: CatalogueVersion | null = null;
  #changed = true;
  #since = STATEMENTS_PER_CATALOGUE;
  #state: ReturnType<typeof decodeSessionState> | null = null;

  constructor(engine: SqlEngine, databaseUrl: string, policy: Policy = MASKING_SOME) {
    this.#policy = policy;
    this.#engine = engine;
    this.#databaseUrl = databaseUrl;
  }

  /** What the gateway would ask of the engine now. */
  async request(text: string, session: ServerSession): Promise<AnalyseRequest> {
    this.#since += 1;
    if (this.#changed && this.#since > STATEMENTS_PER_CATALOGUE) await this.#learn();
    this.#state ??= await stateOf(session);
    const { searchPath = ['pg_catalog', 'public'], role = 'postgres', temporary = [] } = this.#state ?? {};
    return {
      text,
      catalogue: this.#catalogue ?? (await this.#learn()),
      session: { searchPath, role, temporary, prepared: new Map(), cursors: new Map() },
      reviewedFunctions: new Set(),
    };
  }

  async judge(request: AnalyseRequest): Promise<Verdict> {
    const analysis = await this.#engine.analyse(request);
    if (analysis.kind === 'unparsed') return { kind: 'unparsed', why: analysis.message };
    const outcomes: string[] = [];
    const sentences: string[] = [];
    for (const [index, statement] of analysis.statements.entries()) {
      this.#follow(statement);
      const { outcome, sentence } = await this.#decide(request, index, statement);
      outcomes.push(outcome);
      sentences.push(sentence);
    }
    return { kind: 'decided', outcomes, sentences };
  }

  /** Another script begins. */
  begin(): void {
    this.#state = null;
    this.#since = STATEMENTS_PER_CATALOGUE;
  }

  #follow({ effect }: AnalysedStatement): void {
    if (effect !== 'none') this.#state = null;
    if (effect === 'catalogue' || effect === 'transactionEnd') this.#changed = true;
  }

  async #decide(request: AnalyseRequest, index: number, statement: AnalysedStatement) {
    const { facts, touched: columns, through } = statement;
    const asked = { principal: ana, target: shop, facts, columns, through, at: NOW, network: 'editor' };
    const { outcome, sentence, masks } = this.#policy.decide(asked).decision;
    if (outcome !== 'mask') return { outcome, sentence };
    const rewrite = await this.#engine.rewrite(request, index, masks);
    if (rewrite.kind === 'refused') return { outcome: 'refused', sentence: rewrite.why };
    return { outcome, sentence };
  }

  async #learn(): Promise<CatalogueVersion> {
    const client = new pg.Client({ connectionString: this.#databaseUrl });
    await client.connect();
    try {
      const { version, snapshot } = await loadCatalogue(async (sql) => (await client.query(sql)).rows);
      await this.#engine.learn(TARGET, version, snapshot);
      [this.#catalogue, this.#changed, this.#since] = [version, false, 0];
      return version;
    } finally {
      await client.end();
    }
  }
}

const NOW = new Date('2026-03-04T10:00:00Z');

/** Null inside a failed transaction, where nothing can be asked. */
async function stateOf(session: ServerSession) {
  const { rows } = await session.run(`SELECT pg_catalog.row_to_json(q) FROM (${sessionStateQuery}) q`);
  const [row] = rows[0] ?? [];
  return row === undefined || row === null ? null : decodeSessionState([JSON.parse(row)]);
}
