import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createPostgresEngine } from '../../gateway/src/sql/postgres/engine.ts';
import { bootRegressionLab, type Lab, playScript, sampleOf, scriptNames } from './corpus.ts';
import { Judge, type Verdict } from './judge.ts';
import type { Sent } from './psql-player.ts';
import type { Answer } from './server-session.ts';
import { regressFolder } from './source.ts';

/**
 * PostgreSQL's own regression SQL, played against a real server as psql would: what the server's grammar accepts must
 * be parsed, must leave the worker alive, and must get a verdict.
 */
const source = regressFolder();
const missing = 'missing' in source ? source.missing : null;
const isRequired = (process.env.CI ?? '') !== '';
/** The whole takes minutes; at a desk it is a sample: what others build on, and every eighth script. */
const isWhole = (process.env.SLUICE_REGRESSION ?? (isRequired ? 'whole' : 'sample')) === 'whole';
const SAMPLED_EVERY = 8;

type Judged = Sent & { verdict: Verdict; answer: Answer };

let lab: Lab;
const engine = createPostgresEngine();
const judged: Judged[] = [];

before(async () => {
  if ('missing' in source) return;
  lab = await bootRegressionLab(source.folder);
});
after(async () => {
  await engine.close();
  await lab?.stop();
});

if (missing !== null) console.log(missing);
const options = { skip: missing !== null && !isRequired && missing };

test('every script is played', options, async (context) => {
  assert.equal(missing, null);
  const names = isWhole ? scriptNames(lab) : sampleOf(lab, SAMPLED_EVERY);
  const judge = new Judge(engine, lab.databaseUrl);
  for (const name of names) await play(judge, name);
  const accepted = judged.filter(isAccepted);
  const kinds = Map.groupBy(accepted.flatMap(outcomesOf), (outcome) => outcome);
  context.diagnostic(
    `${names.length} scripts, ${judged.length} statements, ${accepted.length} that the server’s grammar accepts; verdicts: ${[...kinds].map(([kind, { length }]) => `${length} ${kind}`).join(', ')}`,
  );
  assert.ok(accepted.length > names.length * 50, `only ${accepted.length} statements were accepted`);
});

test('every statement that the server’s grammar accepts is parsed', options, () => {
  const unparsed = judged.filter((one) => isAccepted(one) && one.verdict.kind === 'unparsed');
  assert.deepEqual(unparsed.map(told), []);
});

test('no statement takes the worker down', options, () => {
  const fatal = judged.filter(({ verdict }) => verdict.kind === 'unparsed' && /too deeply/.test(verdict.why));
  assert.deepEqual(fatal.map(told), []);
});

test('every statement has a verdict in words', options, () => {
  const silent = judged.filter(({ verdict }) => {
    const words = verdict.kind === 'unparsed' ? [verdict.why] : verdict.sentences;
    return words.some((sentence) => sentence.trim() === '');
  });
  assert.deepEqual(silent.map(told), []);
});

async function play(judge: Judge, name: string): Promise<void> {
  let verdict: Verdict = { kind: 'unparsed', why: '' };
  judge.begin();
  await playScript(lab, name, {
    sending: async ({ text }, session) => {
      verdict = await judge.judge(await judge.request(text, session));
      return !isPinned(text);
    },
    answered: (sent, { error, lost }) => {
      judged.push({ ...sent, verdict, answer: { error, lost, columns: [], rows: [] } });
    },
  });
}

/** The gateway keeps this setting as it is: what a quote means depends on it. */
function isPinned(text: string): boolean {
  return /\bstandard_conforming_strings\b/i.test(text) && /^\s*(re)?set\b/i.test(text);
}

/** The server's scanner and grammar raise their errors from these files; a syntax error may come from later too. */
function isAccepted({ answer: { error } }: Judged): boolean {
  if (error === null) return true;
  return error.sqlState !== '42601' && !/^(scan\.l|gram\.y|parser\.c|scansup\.c)$/.test(error.sourceFile);
}

function outcomesOf({ verdict }: Judged): string[] {
  return verdict.kind === 'decided' ? verdict.outcomes : [verdict.kind];
}

function told({ file, line, text, verdict }: Judged): string {
  const why = verdict.kind === 'unparsed' ? verdict.why : '';
  return `${file}.sql:${line}: ${why}: ${text.slice(0, 200)}`;
}
