import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificateTypeOf } from '../keys/key-type.ts';
import { signData } from '../keys/signature.ts';
import { makeKeyPair, makeKeyPairs } from '../testing/keys.fixture.ts';
import { issueUserCertificate } from './issue.ts';
import { type CertificateRequest, judgeSignIn, type SignIn } from './sign-in.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');
const authority = makeKeyPair();
const data = Buffer.from('a session’s id and a request');
const pairs = makeKeyPairs();

/** A request that proves a key with a certificate for it. */
function request(pair = authority): CertificateRequest & { proof: NonNullable<CertificateRequest['proof']> } {
  const { blob } = issueUserCertificate(authority.privateKey, {
    publicKey: pair.publicKey,
    keyId: 'ana',
    principals: ['ana'],
    permissions: [],
    validAfterMs: NOW_MS,
    validBeforeMs: NOW_MS + 60_000,
  });
  const { type } = pair.publicKey;
  return {
    algorithm: type === 'ssh-rsa' ? 'rsa-sha2-512-cert-v01@openssh.com' : certificateTypeOf(type),
    certificate: blob,
    proof: { signature: signData(pair.privateKey, data), data },
  };
}

function judge(asked: CertificateRequest, nowMs = NOW_MS): SignIn {
  const { publicKey } = authority;
  return judgeSignIn(asked, {
    authorities: [publicKey],
    kind: 'user',
    principal: 'ana',
    nowMs,
    sourceAddress: null,
  });
}

function wordsOf(judged: SignIn): string {
  return judged.kind === 'refused' ? `${judged.reason}: ${judged.message}` : judged.kind;
}

test('who has the certificate’s key is signed in', () => {
  for (const pair of pairs) {
    const asked = request(pair);
    assert.equal(wordsOf(judge({ ...asked, proof: null })), 'mayProve');
    const judged = judge(asked);
    assert.ok(judged.kind === 'signedIn');
    assert.equal(judged.certificate.keyId, 'ana');
  }
});

test('who has another key, or signed something else, is not', () => {
  for (const pair of pairs) {
    const asked = request(pair);
    for (const other of pairs.filter((one) => one !== pair)) {
      const proof = { signature: signData(other.privateKey, data), data };
      assert.match(wordsOf(judge({ ...asked, proof })), /^unproved: .* came without its key’s signature/);
    }
    const proof = { ...asked.proof, data: Buffer.from('a request of another session') };
    assert.match(wordsOf(judge({ ...asked, proof })), /^unproved: .* not of this key over this data/);
    assert.match(wordsOf(judge({ ...asked, proof: { signature: Buffer.alloc(0), data } })), /^unproved: /);
  }
});

test('an algorithm that is not the certificate’s is refused before anything is proved', () => {
  const algorithms = ['ssh-ed25519', 'ssh-rsa-cert-v01@openssh.com', 'rsa-sha2-512', 'none', ''];
  for (const pair of pairs) {
    const asked = request(pair);
    const others = pairs.filter((one) => one !== pair).map((one) => request(one).algorithm);
    for (const algorithm of [...algorithms, ...others]) {
      for (const proof of [null, asked.proof]) {
        assert.match(wordsOf(judge({ ...asked, algorithm, proof })), /^unproved: .* can not be proved/);
      }
    }
  }
});

test('a certificate that does not hold is refused, proved or not', () => {
  const asked = request();
  for (const proof of [null, asked.proof]) {
    assert.match(wordsOf(judge({ ...asked, proof }, NOW_MS + 60_000)), /^expired: /);
  }
});
