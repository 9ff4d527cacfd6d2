import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Writer } from '../bytes/writer.ts';
import { fingerprint } from '../keys/fingerprint.ts';
import { signData } from '../keys/signature.ts';
import { crossed, damaged, spliced } from '../testing/damage.fixture.ts';
import { makeKeyPair, makeKeyPairs } from '../testing/keys.fixture.ts';
import { parseCertificate } from './certificate.ts';
import {
  issueHostCertificate,
  issueUserCertificate,
  type NewUserCertificate,
  type Permission,
} from './issue.ts';
import { type Judgement, judgeCertificate, type Wanted } from './judge.ts';
import { packedOptions } from './options.ts';

const BEGIN_MS = Date.parse('2026-03-01T12:00:00Z');
const END_MS = BEGIN_MS + 600_000;
const authority = makeKeyPair();
const person = makeKeyPair();

function issue(changes: Partial<NewUserCertificate> = {}, signer = authority): Buffer {
  return issueUserCertificate(signer.privateKey, {
    publicKey: person.publicKey,
    keyId: 'ana@shop.example',
    principals: ['ana', 'deploy'],
    permissions: ['permit-pty'],
    validAfterMs: BEGIN_MS,
    validBeforeMs: END_MS,
    random: (bytes) => Buffer.alloc(bytes, 7),
    ...changes,
  }).blob;
}

function judge(blob: Buffer, changes: Partial<Wanted> = {}): Judgement {
  return judgeCertificate(blob, {
    authorities: [authority.publicKey],
    kind: 'user',
    principal: 'ana',
    nowMs: BEGIN_MS,
    sourceAddress: '192.0.2.7',
    ...changes,
  });
}

/** The reason of a refusal; its words must be whole and name the certificate. */
function reasonOf(judged: Judgement): string {
  if (judged.kind === 'valid') return 'valid';
  assert.match(judged.message, /^(The certificate “ana@shop\.example” \(serial \d+\)|A certificate) .+\.$/);
  assert.match(judged.next, /^[A-Z].+\.$/);
  return judged.reason;
}

/** A certificate whose signed bytes were changed before its authority signed them. */
function resigned(blob: Buffer, change: (signed: Buffer) => Buffer, signer = authority): Buffer {
  const parsed = parseCertificate(blob);
  assert.ok(parsed.ok);
  const signed = change(parsed.value.signed);
  return new Writer().bytes(signed).string(signData(signer.privateKey, signed)).end();
}

/** A certificate with other critical options than would be issued. */
function restricted(options: Readonly<Record<string, string | null>>): Buffer {
  const extensions = packedOptions({ 'permit-pty': null });
  return resigned(issue(), (signed) => {
    const tail = new Writer().string(extensions).string('').string(authority.publicKey.blob).end();
    const head = signed.subarray(0, -(tail.length + 4));
    return new Writer().bytes(head).string(packedOptions(options)).bytes(tail).end();
  });
}

test('a good certificate is valid, and says what it said', () => {
  const judged = judge(issue());
  assert.ok(judged.kind === 'valid');
  const { publicKey, ...rest } = judged;
  assert.deepEqual(publicKey.blob, person.publicKey.blob);
  assert.deepEqual(rest, {
    kind: 'valid',
    serial: 0x0707070707070707n,
    keyId: 'ana@shop.example',
    principals: ['ana', 'deploy'],
    expiresAtMs: END_MS,
    extensions: new Map([['permit-pty', Buffer.alloc(0)]]),
    forceCommand: null,
    demands: { touch: true, verified: false },
  });
});

test('what it says stays when the memory that it was read from is used again', () => {
  const blob = issue();
  const judged = judge(blob);
  blob.fill(0);
  assert.ok(judged.kind === 'valid');
  assert.deepEqual(judged, judge(issue()));
});

test('it is valid from its first millisecond to the one before its last second', () => {
  const blob = issue();
  const at = (nowMs: number) => reasonOf(judge(blob, { nowMs }));
  assert.deepEqual(
    [at(BEGIN_MS - 1), at(BEGIN_MS), at(END_MS - 1), at(END_MS)],
    ['notYetValid', 'valid', 'valid', 'expired'],
  );
  for (const nowMs of [Number.NaN, -1, Number.POSITIVE_INFINITY]) assert.equal(at(nowMs), 'notYetValid');
});

test('what is refused, and in which words', () => {
  const other = makeKeyPair();
  const cases: readonly [Judgement, string, RegExp][] = [
    [judge(issue(), { nowMs: BEGIN_MS - 1 }), 'notYetValid', /valid from 2026-03-01T12:00:00.000Z on/],
    [judge(issue(), { nowMs: END_MS }), 'expired', /not been valid since 2026-03-01T12:10:00.000Z/],
    [judge(issue(), { principal: 'dana' }), 'wrongPrincipal', /is for “ana”, “deploy” and not for “dana”/],
    [judge(issue(), { principal: '' }), 'wrongPrincipal', /not for “”/],
    [judge(issue(), { kind: 'host' }), 'wrongKind', /is a user certificate where a host’s is wanted/],
    [
      judge(issue({}, other)),
      'unknownAuthority',
      new RegExp(fingerprint(other.publicKey.blob).replaceAll('+', '\\+')),
    ],
    [judge(issue(), { authorities: [] }), 'unknownAuthority', /is no authority here/],
    [
      judge(issue({ sourceAddresses: ['10.0.0.0/8'] })),
      'sourceAddress',
      /may be used from “10.0.0.0\/8” and not from 192.0.2.7/,
    ],
    [
      judge(issue({ sourceAddresses: ['0.0.0.0/0', '::/0'] }), { sourceAddress: null }),
      'sourceAddress',
      /an address that is not known/,
    ],
    [
      judge(issue({ sourceAddresses: ['0.0.0.0/0'] }), { sourceAddress: 'nowhere' }),
      'sourceAddress',
      /from nowhere/,
    ],
    [judge(restricted({ 'source-address': '' })), 'malformedOption', /no list of networks/],
    [
      judge(restricted({ 'source-address': '0.0.0.0/0,!10.0.0.1' })),
      'malformedOption',
      /no list of networks/,
    ],
    [judge(restricted({ 'source-address': null })), 'malformedOption', /ends too soon/],
    [judge(restricted({ 'verify-required': null })), 'malformedOption', /on no security key/],
    [judge(restricted({ 'permit-pty': null })), 'unknownCriticalOption', /“permit-pty”, which is not known/],
    [
      judge(restricted({ 'force-command': 'true\0false' })),
      'malformedOption',
      /option force-command is no text/,
    ],
    [
      judge(Buffer.alloc(0)),
      'malformed',
      /^A certificate can not be read: the length of its type ends too soon/,
    ],
    [judge(person.publicKey.blob), 'malformed', /"ssh-ed25519" is no type of certificate/],
    [judge(Buffer.alloc(100_000)), 'malformed', /longer than/],
  ];
  for (const [judged, reason, words] of cases) {
    assert.equal(reasonOf(judged), reason);
    assert.match(judged.kind === 'refused' ? judged.message : '', words);
  }
});

test('a refusal is not longer than people read, whatever the certificate holds', () => {
  const long = 'a'.repeat(10_000);
  const principals = Array.from({ length: 250 }, (_, index) => `${index}${'p'.repeat(100)}`);
  const refused = [
    judge(issue({ keyId: long }), { authorities: [] }),
    judge(issue({ principals }), { principal: long }),
    judge(restricted({ 'source-address': long })),
    judge(restricted({ [long]: null })),
    judge(new Writer().string(long).end()),
  ];
  for (const judged of refused) assert.ok(judged.kind === 'refused' && judged.message.length < 1000);
});

test('what it restricts is enforced or handed on', () => {
  const blob = issue({ sourceAddresses: ['10.0.0.0/8', '2001:db8::/32'], forceCommand: 'uptime\n-p' });
  for (const sourceAddress of ['10.1.2.3', '::ffff:10.1.2.3', '2001:db8::1']) {
    const judged = judge(blob, { sourceAddress });
    assert.equal(judged.kind === 'valid' && judged.forceCommand, 'uptime\n-p');
  }
  for (const sourceAddress of ['11.1.2.3', '2001:db9::1', '10.1.2', '10.1.2.3%eth0']) {
    assert.equal(reasonOf(judge(blob, { sourceAddress })), 'sourceAddress');
  }
});

test('a host’s certificate holds for the names that it has', () => {
  const { blob } = issueHostCertificate(authority.privateKey, {
    publicKey: person.publicKey,
    keyId: 'ana@shop.example',
    principals: ['db.example.com'],
    validAfterMs: BEGIN_MS,
    validBeforeMs: END_MS,
  });
  assert.equal(reasonOf(judge(blob, { kind: 'host', principal: 'db.example.com' })), 'valid');
  assert.equal(reasonOf(judge(blob, { kind: 'host', principal: 'web.example.com' })), 'wrongPrincipal');
  assert.equal(reasonOf(judge(blob, { principal: 'db.example.com' })), 'wrongKind');
});

test('a critical option of a user’s is unknown in a host’s certificate', () => {
  const kindBehind = Buffer.from('0707070707070707', 'hex');
  const blob = resigned(issue({ forceCommand: 'uptime' }), (signed) => {
    const changed = Buffer.from(signed);
    changed.writeUInt32BE(2, changed.lastIndexOf(kindBehind) + kindBehind.length);
    return changed;
  });
  assert.equal(reasonOf(judge(blob, { kind: 'host' })), 'unknownCriticalOption');
});

test('options that are out of order, twice there, or flags with data are refused, though signed', () => {
  const flag = (name: string, data = '') => new Writer().string(name).string(data).end();
  const withExtensions = (...options: Buffer[]) =>
    resigned(issue({ permissions: [] }), (signed) => {
      const tail = new Writer().string('').string(authority.publicKey.blob).end();
      const head = signed.subarray(0, -(tail.length + 4));
      return new Writer().bytes(head).string(Buffer.concat(options)).bytes(tail).end();
    });
  const pty = flag('permit-pty');
  assert.equal(reasonOf(judge(withExtensions(flag('a'), pty))), 'valid');
  assert.equal(reasonOf(judge(withExtensions(pty, flag('a')))), 'malformed');
  assert.equal(reasonOf(judge(withExtensions(pty, pty))), 'malformed');
  assert.equal(reasonOf(judge(withExtensions(flag('')))), 'malformed');
  assert.equal(reasonOf(judge(withExtensions(pty.subarray(0, -1)))), 'malformed');
  assert.equal(reasonOf(judge(withExtensions(flag('permit-pty', 'yes')))), 'malformedOption');
});

test('a signature by another key under the authority’s name is refused, whatever its type', () => {
  for (const forger of makeKeyPairs()) {
    const blob = resigned(issue(), (signed) => signed, forger);
    assert.equal(reasonOf(judge(blob)), 'badSignature');
  }
});

test('a good signature of a certificate by a certificate does not count', () => {
  const vouched = issue({ publicKey: person.publicKey });
  const blob = resigned(
    issue(),
    (signed) => {
      const own = new Writer().string(authority.publicKey.blob).end();
      return new Writer().bytes(signed.subarray(0, -own.length)).string(vouched).end();
    },
    person,
  );
  assert.equal(reasonOf(judge(blob)), 'nestedAuthority');
});

test('no damage to any byte of a certificate leaves it valid, or makes judging throw', () => {
  const blob = issue({ sourceAddresses: ['192.0.2.0/24'], forceCommand: 'uptime' });
  assert.equal(judge(blob).kind, 'valid');
  for (const one of damaged(blob)) assert.equal(judge(one).kind, 'refused');
});

test('nor does damage to what other types of authorities signed with', () => {
  for (const signer of makeKeyPairs()) {
    const blob = issue({}, signer);
    const authorities = [signer.publicKey];
    assert.equal(judge(blob, { authorities }).kind, 'valid');
    const from = blob.indexOf(signer.publicKey.blob);
    for (const one of damaged(blob, from)) assert.equal(judge(one, { authorities }).kind, 'refused');
  }
});

test('nothing that is spliced from certificates is valid but a whole one', () => {
  const subjects = makeKeyPairs();
  const samples = subjects.flatMap(({ publicKey }) => [
    issue({ publicKey }),
    issue({ publicKey, principals: ['dana'], permissions: [] }),
    issue({ publicKey, validAfterMs: BEGIN_MS - 600_000, validBeforeMs: BEGIN_MS }),
  ]);
  const isHarmless = (blob: Buffer) =>
    judge(blob).kind === 'refused' || samples.some((sample) => sample.equals(blob));
  fc.assert(fc.property(crossed(samples), isHarmless), { numRuns: 2000 });
  fc.assert(fc.property(spliced(samples), isHarmless), { numRuns: 1000 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => judge(Buffer.from(bytes)).kind === 'refused'),
  );
});

test('what is issued is what was asked for', () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((one) => !/\p{Cc}/u.test(one));
  const permission = fc.constantFrom<Permission>(
    'permit-pty',
    'permit-port-forwarding',
    'permit-agent-forwarding',
    'permit-X11-forwarding',
    'permit-user-rc',
  );
  const seconds = fc.nat(4_000_000_000);
  fc.assert(
    fc.property(
      text,
      fc.array(text, { minLength: 1, maxLength: 5 }),
      fc.uniqueArray(permission),
      seconds,
      fc.integer({ min: 1, max: 86_400 }),
      (keyId, principals, permissions, beginS, lengthS) => {
        const [validAfterMs, validBeforeMs] = [beginS * 1000, (beginS + lengthS) * 1000];
        const blob = issue({ keyId, principals, permissions, validAfterMs, validBeforeMs });
        const judged = judge(blob, { nowMs: validAfterMs, principal: principals.at(-1) ?? '' });
        assert.ok(judged.kind === 'valid');
        assert.deepEqual([judged.keyId, judged.principals], [keyId, principals]);
        assert.deepEqual([...judged.extensions.keys()].sort(), [...permissions].sort());
        assert.equal(judged.expiresAtMs, validBeforeMs);
      },
    ),
    { numRuns: 50 },
  );
});

test('serial numbers are random, and certificates of the same thing differ', () => {
  const [one, other] = [issue({ random: undefined }), issue({ random: undefined })];
  const [first, second] = [judge(one), judge(other)];
  assert.ok(first.kind === 'valid' && second.kind === 'valid');
  assert.notEqual(first.serial, second.serial);
});

test('what would be good for everybody, nobody or never is not issued', () => {
  const useless: Partial<NewUserCertificate>[] = [
    { principals: [] },
    { principals: [''] },
    { keyId: '' },
    { keyId: 'ana\nroot' },
    { keyId: '\ud800' },
    { validBeforeMs: BEGIN_MS },
    { validBeforeMs: BEGIN_MS + 999 },
    { validAfterMs: Number.NaN },
    { validBeforeMs: Number.POSITIVE_INFINITY },
    { validAfterMs: -1 },
    { principals: Array<string>(257).fill('ana') },
    { keyId: 'a'.repeat(70_000) },
    { sourceAddresses: [] },
    { sourceAddresses: ['10.0.0.1/8'] },
    { sourceAddresses: ['10.0.0.0/8,0.0.0.0/0'] },
    { forceCommand: '' },
    { forceCommand: 'true\0false' },
  ];
  for (const changes of useless) assert.throws(() => issue(changes), { code: 'request.invalid' });
});
