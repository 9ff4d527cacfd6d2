import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCheckpoint, signCheckpoint } from './checkpoint.ts';
import { isSignedBy, parseNote, parseVerifierKey, signerOf, signNote } from './note.ts';
import { EMPTY_ROOT } from './tree-hash.ts';

/** Published with golang.org/x/mod/sumdb/note and with c2sp.org/signed-note. */
const NEUMANN_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const NEUMANN_SEED = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
const NEUMANN_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const NEUMANN_NOTE = `${NEUMANN_TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;
const FOO_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const FOO_NOTE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

function isSigned(note: string, key: string): boolean {
  const parsed = parseNote(note);
  return parsed !== null && isSignedBy(parsed, parseVerifierKey(key));
}

test('published notes are signed by their keys, and made byte by byte from the published private key', () => {
  assert.ok(isSigned(NEUMANN_NOTE, NEUMANN_KEY));
  assert.ok(isSigned(FOO_NOTE, FOO_KEY));
  assert.ok(!isSigned(FOO_NOTE, NEUMANN_KEY));
  const signer = signerOf('PeterNeumann', NEUMANN_SEED);
  assert.equal(signer.verifier.text, NEUMANN_KEY);
  assert.equal(signNote(NEUMANN_TEXT, [signer]), NEUMANN_NOTE);
});

test('a note of which any one character is another is signed no more', () => {
  for (let at = 0; at < FOO_NOTE.length; at++) {
    const other = FOO_NOTE[at] === 'A' ? 'B' : 'A';
    assert.ok(!isSigned(`${FOO_NOTE.slice(0, at)}${other}${FOO_NOTE.slice(at + 1)}`, FOO_KEY), `at ${at}`);
  }
});

test('signatures of unknown keys are passed over; a wrong one beside a right one is not', () => {
  const [text = '', line = ''] = FOO_NOTE.split('\n\n');
  const stranger = signNote(`${text}\n`, [signerOf('stranger', Buffer.alloc(32, 1))]).split('\n\n')[1];
  assert.ok(isSigned(`${text}\n\n${stranger}${line}`, FOO_KEY));
  const wrong = line.replace('IneyaQM=', 'IneyaAM=');
  assert.ok(!isSigned(`${text}\n\n${line}${wrong}`, FOO_KEY));
});

for (const text of [
  '',
  'text\n',
  'text\n\n',
  'text\n\nno signature\n',
  `a\rb${FOO_NOTE}`,
  FOO_NOTE.trimEnd(),
]) {
  test(`${JSON.stringify(text.slice(0, 24))} … is no note`, () => assert.equal(parseNote(text), null));
}

for (const key of [
  '',
  'foo',
  FOO_KEY.replace('530d', '530e'),
  FOO_KEY.replace('+Ae', '+Be'),
  FOO_KEY.slice(0, -1),
]) {
  test(`"${key}" is no key`, () => assert.throws(() => parseVerifierKey(key)));
}

test('a checkpoint is read back, and carries the signatures of all that signed it', () => {
  const [one, two] = [
    signerOf('log.example/a', Buffer.alloc(32, 1)),
    signerOf('log.example/a', Buffer.alloc(32, 2)),
  ];
  const text = signCheckpoint({ size: 7, root: EMPTY_ROOT }, [one, two]);
  const parsed = parseCheckpoint(text);
  assert.ok(parsed);
  assert.deepEqual(parsed.checkpoint, { origin: 'log.example/a', size: 7, root: EMPTY_ROOT });
  assert.ok(isSignedBy(parsed.note, one.verifier) && isSignedBy(parsed.note, two.verifier));
  assert.equal(parseCheckpoint(text.replace('\n7\n', '\n07\n')), null);
});
