import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { test } from 'node:test';
import { Secret } from '../../core/access/secret.ts';
import { scramVerifier } from './scram-verifier.ts';

test('a client that knows the password proves it against the verifier, another does not', async () => {
  const verifier = await scramVerifier(new Secret('correct horse'));
  // RFC 5802 section 3, from the client's side.
  const proves = (password: string) => {
    const salted = pbkdf2Sync(password, verifier.salt, verifier.iterations, 32, 'sha256');
    const clientKey = createHmac('sha256', salted).update('Client Key').digest();
    const signature = createHmac('sha256', verifier.storedKey).update('messages').digest();
    const proof = clientKey.map((byte, at) => byte ^ (signature[at] ?? 0));
    const recovered = proof.map((byte, at) => byte ^ (signature[at] ?? 0));
    return createHash('sha256').update(recovered).digest().equals(verifier.storedKey);
  };
  assert.equal(proves('correct horse'), true);
  assert.equal(proves('wrong horse'), false);
});

test('the same password gives another verifier each time', async () => {
  const [first, second] = [await scramVerifier(new Secret('key')), await scramVerifier(new Secret('key'))];
  assert.notDeepEqual(first.storedKey, second.storedKey);
});
