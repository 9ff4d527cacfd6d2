import { type Detector, tailOf } from '../detector.ts';
import { text, times } from '../prefilter/shape.ts';
import {
  ALNUM,
  BASE64URL,
  type ByteClass,
  begins,
  byteClass,
  isIn,
  isNamed,
  type Window,
  WORD,
} from '../window.ts';
import { privateKeys } from './private-keys.ts';

const HYPHENATED = byteClass('A-Za-z0-9-');
const UPPER = byteClass('A-Z0-9');

type Token = { prefix: string; body: ByteClass; min: number; exact?: boolean };

/** Tokens that their makers gave a prefix of its own, so that they can be found. */
const TOKENS: readonly Token[] = [
  // AWS access key ids.
  ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((prefix) => ({ prefix, body: UPPER, min: 16, exact: true })),
  // GitHub and GitLab.
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix) => ({ prefix, body: ALNUM, min: 36 })),
  { prefix: 'github_pat_', body: WORD, min: 40 },
  { prefix: 'glpat-', body: BASE64URL, min: 20 },
  // Slack.
  ...['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxe-', 'xoxe.', 'xapp-'].map((prefix) => ({
    prefix,
    body: HYPHENATED,
    min: 16,
  })),
  { prefix: 'hooks.slack.com/services/', body: byteClass('A-Za-z0-9/'), min: 20 },
  // Stripe.
  ...['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'].map((prefix) => ({ prefix, body: ALNUM, min: 16 })),
  { prefix: 'whsec_', body: byteClass('A-Za-z0-9+/='), min: 24 },
  // Google.
  { prefix: 'AIza', body: BASE64URL, min: 35, exact: true },
  { prefix: 'ya29.', body: BASE64URL, min: 20 },
  { prefix: 'GOCSPX-', body: BASE64URL, min: 20 },
  // Package registries, mail, and models.
  { prefix: 'npm_', body: ALNUM, min: 36 },
  { prefix: 'pypi-', body: BASE64URL, min: 50 },
  { prefix: 'SG.', body: byteClass('A-Za-z0-9_.-'), min: 50 },
  { prefix: 'sk-ant-', body: BASE64URL, min: 20 },
  { prefix: 'sk-proj-', body: BASE64URL, min: 20 },
];

const tokens: readonly Detector[] = TOKENS.map(({ prefix, body, min, exact }) => ({
  name: 'secrets',
  label: 'secret',
  starts: byteClass(prefix.slice(0, 1)),
  hallmark: { kind: 'shapes', shapes: [[...text(prefix), ...times(min, body)]] },
  match: (window, at) => {
    if (!window.has(at, prefix) || !begins(window, at, WORD)) return 0;
    const from = at + prefix.length;
    const wanted = from + min;
    if (window.run(from, Math.min(window.end, wanted), body) !== wanted) return 0;
    if (exact === true && isIn(body, window.at(wanted))) return 0;
    return wanted - at;
  },
  ...(exact === true ? {} : { tail: tailOf(body) }),
}));

const BASE64 = byteClass('A-Za-z0-9+/=');
const BEFORE = byteClass('A-Za-z0-9+/=_');

/** AWS secret access keys look like anything else, and are told by the name before them. */
const awsSecretKeys: Detector = {
  name: 'secrets',
  label: 'secret',
  starts: byteClass('A-Za-z0-9+/'),
  hallmark: { kind: 'run', of: BASE64, length: 40 },
  match: (window, at) => {
    if (!begins(window, at, BEFORE)) return 0;
    const end = window.run(at, Math.min(window.end, at + 41), BASE64);
    return end - at === 40 && isNamed(window, at, AWS_NAMES) ? 40 : 0;
  },
};

const AWS_NAMES = ['secret_access_key', 'secretaccesskey', 'secret access key', 'aws_secret'];

const DOT = 0x2e;

/** JSON Web Tokens (RFC 7519): a header that names its algorithm, and two more parts. */
const jsonWebTokens: Detector = {
  name: 'secrets',
  label: 'secret',
  starts: byteClass('e'),
  // No shorter header names its algorithm.
  hallmark: { kind: 'shapes', shapes: [[...text('eyJ'), ...times(5, BASE64URL)]] },
  match: (window, at) => {
    if (!window.has(at, 'eyJ') || !begins(window, at, BASE64URL)) return 0;
    const limit = window.limit(at) - 8;
    const header = window.run(at, limit, BASE64URL);
    if (window.at(header) !== DOT || header >= limit) return 0;
    if (window.run(header + 1, header + 5, BASE64URL) !== header + 5) return 0;
    return namesAlgorithm(window, at, header) ? header + 5 - at : 0;
  },
  tail: tailOf(byteClass('A-Za-z0-9_.-')),
};

function namesAlgorithm(window: Window, from: number, to: number): boolean {
  return Buffer.from(window.latin1(from, to), 'base64url').includes('"alg"');
}

/** Keys and tokens: AWS, GitHub, GitLab, Slack, Stripe, Google and others, JSON Web Tokens, private keys in PEM. */
export const secrets: readonly Detector[] = [...tokens, awsSecretKeys, jsonWebTokens, privateKeys];
