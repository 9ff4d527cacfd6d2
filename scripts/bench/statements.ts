import { policyOf } from '../../gateway/src/core/policy/a-question.fixture.ts';
import type { AnalyseRequest, SqlEngine } from '../../gateway/src/sql/engine.ts';
import { answer } from '../../gateway/src/sql/postgres/answer.ts';
import type { Snapshot } from '../../gateway/src/sql/postgres/catalogue/snapshot.ts';
import { ready } from '../../gateway/src/sql/postgres/parse/parser.ts';
import { bootSample } from '../../sample/boot-sample.ts';
import { GATEWAY_ROLE } from '../../sample/shop/seed.ts';
import { POLICY, PREPARE_SHOP } from '../../test/ordinary/shop.ts';
import { statementsByTool } from '../../test/ordinary/statements.ts';
import { bootRegressionLab, playScript, sampleOf } from '../../test/regression/corpus.ts';
import { Judge } from '../../test/regression/judge.ts';
import { ServerSession } from '../../test/regression/server-session.ts';
import { regressFolder } from '../../test/regression/source.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** Time of parse, facts and decision together on one thread, for statements that were never seen before. */
export type StatementsResult = { count: number; spread: Spread };

const SAMPLED_EVERY = 12;
const TRIES = 4;
const START_UP = { TimeZone: 'UTC' };

/** What applications and tools send to the sample's shop (test/ordinary). */
export async function benchOrdinary(): Promise<StatementsResult> {
  await ready;
  await using opened = new AsyncDisposableStack();
  const sample = await bootSample({ customers: 100 });
  opened.defer(() => sample.stop());
  const { host, port } = sample.postgres;
  const route = { host, port, user: GATEWAY_ROLE, password: sample.gatewayPassword, database: 'shop' };
  const session = await ServerSession.open(route, START_UP);
  opened.defer(() => session.close());
  await session.run(PREPARE_SHOP);
  const judge = new Judge(threadEngine(), sample.superuserUrl(), policyOf(POLICY));
  const texts = new Set([...statementsByTool().values()].flat().map(({ sql }) => sql));
  const took: number[] = [];
  for (const text of texts) await time(judge, await judge.request(text, session), took);
  return { count: took.length, spread: spreadOf(took) };
}

/** A sample of PostgreSQL's own regression SQL (test/regression); null where it can't be had. */
export async function benchRegression(): Promise<StatementsResult | null> {
  const source = regressFolder();
  if ('missing' in source) return null;
  await ready;
  const lab = await bootRegressionLab(source.folder);
  try {
    const judge = new Judge(threadEngine(), lab.databaseUrl);
    const took: number[] = [];
    for (const name of sampleOf(lab, SAMPLED_EVERY)) {
      judge.begin();
      await playScript(lab, name, {
        sending: async ({ text }, session) => {
          await time(judge, await judge.request(text, session), took);
          return true;
        },
        answered: () => undefined,
      });
    }
    return { count: took.length, spread: spreadOf(took) };
  } finally {
    await lab.stop();
  }
}

/** The best of a few is what the code costs; the others are what else the machine did. */
async function time(judge: Judge, request: AnalyseRequest, took: number[]): Promise<void> {
  const tries: number[] = [];
  for (let n = 0; n < TRIES; n++) {
    // The parser remembers texts: a blank more is another one.
    const fresh = { ...request, text: request.text + ' '.repeat(n) };
    const start = performance.now();
    const verdict = await judge.judge(fresh);
    if (verdict.kind === 'unparsed') return;
    tries.push((performance.now() - start) * 1000);
  }
  took.push(Math.min(...tries));
}

/** The engine's work on this thread, without the worker around it. Rewriting is not what is measured. */
function threadEngine(): SqlEngine {
  return {
    async learn(target, version, snapshot) {
      // As in the engine: `loadCatalogue` has decoded it.
      answer({ id: 0, ask: 'learn', beside: [], target, version, snapshot: snapshot as Snapshot });
    },
    async analyse(request) {
      const reply = answer({ id: 0, ask: 'analyse', request });
      if (reply.kind === 'analysis') return reply.analysis;
      throw new Error(`${reply.kind} came where an analysis was due`);
    },
    rewrite: async () => ({ kind: 'refused', why: 'not measured', next: '' }),
    selectList: async () => null,
    outline: async () => null,
    close: async () => undefined,
  };
}
