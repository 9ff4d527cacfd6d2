import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerServerFirst, beginScramClient, checkServerFinal, keysOfPassword } from './scram-client.ts';
import { madeUpVerifier, type ScramVerifier, scramVerifier } from './scram-keys.ts';
import {
  beginScramServer,
  finishScramServer,
  offeredMechanisms,
  type ScramServerEnd,
} from './scram-server.ts';

/** RFC 7677 section 3. */
const EXAMPLE = {
  clientNonce: 'rOprNGfwEbeRWgbNEkqO',
  serverNonce: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
  salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'),
  clientFirst: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
  serverFirst: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  clientFinal:
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
};
const END_POINT = Buffer.alloc(32, 7);

type Exchange = {
  password?: string;
  verifier: ScramVerifier;
  clientEndPoint?: Buffer | null;
  serverEndPoint?: Buffer | null;
  offered?: string[];
};

async function exchange(options: Exchange): Promise<ScramServerEnd> {
  const { clientEndPoint = null, serverEndPoint = null } = options;
  const offered = options.offered ?? offeredMechanisms(serverEndPoint);
  const client = beginScramClient({ offered, endPoint: clientEndPoint, nonce: 'client' });
  const server = beginScramServer({
    mechanism: client.mechanism,
    data: client.data,
    verifier: options.verifier,
    endPoint: serverEndPoint,
    nonce: 'server',
  });
  const answer = await answerServerFirst(
    client.awaiting,
    server.data,
    keysOfPassword(options.password ?? 'pencil'),
  );
  const end = finishScramServer(server.awaiting, answer.data);
  if (end.kind === 'proved') checkServerFinal(answer.awaiting, end.data);
  return end;
}

const malformed = { code: 'wire.protocolViolation' };

describe('SCRAM-SHA-256', () => {
  it('gives the messages of RFC 7677 as a client', async () => {
    const { data, awaiting } = beginScramClient({
      offered: ['SCRAM-SHA-256'],
      endPoint: null,
      nonce: EXAMPLE.clientNonce,
      user: 'user',
    });
    assert.equal(data.toString(), EXAMPLE.clientFirst);
    const answer = await answerServerFirst(
      awaiting,
      Buffer.from(EXAMPLE.serverFirst),
      keysOfPassword('pencil'),
    );
    assert.equal(answer.data.toString(), EXAMPLE.clientFinal);
    checkServerFinal(answer.awaiting, Buffer.from(EXAMPLE.serverFinal));
    for (const other of ['v=AAAA', `${EXAMPLE.serverFinal.slice(0, -2)}A=`, 'e=other-error', 'x', '']) {
      assert.throws(() => checkServerFinal(answer.awaiting, Buffer.from(other)), malformed);
    }
  });

  it('gives the messages of RFC 7677 as a server', async () => {
    const { data, awaiting } = beginScramServer({
      mechanism: 'SCRAM-SHA-256',
      data: Buffer.from(EXAMPLE.clientFirst),
      verifier: await scramVerifier('pencil', EXAMPLE.salt),
      endPoint: null,
      nonce: EXAMPLE.serverNonce,
    });
    assert.equal(data.toString(), EXAMPLE.serverFirst);
    const end = finishScramServer(awaiting, Buffer.from(EXAMPLE.clientFinal));
    assert.equal(end.kind === 'proved' && end.data.toString(), EXAMPLE.serverFinal);
  });

  it('refuses a wrong password, and an unknown login with every password', async () => {
    const verifier = await scramVerifier('pencil', EXAMPLE.salt);
    assert.equal((await exchange({ verifier })).kind, 'proved');
    assert.deepEqual(await exchange({ verifier, password: 'pencil ' }), {
      kind: 'refused',
      why: 'wrongProof',
    });
    const madeUp = madeUpVerifier('nobody', Buffer.from('secret'));
    assert.deepEqual(await exchange({ verifier: madeUp }), { kind: 'refused', why: 'wrongProof' });
    assert.deepEqual(madeUpVerifier('nobody', Buffer.from('secret')), madeUp);
    assert.notDeepEqual(madeUpVerifier('anybody', Buffer.from('secret')).salt, madeUp.salt);
  });

  it('binds to the TLS end point, and notices another one and a downgrade', async () => {
    const verifier = await scramVerifier('pencil', EXAMPLE.salt);
    const bound = { verifier, clientEndPoint: END_POINT, serverEndPoint: END_POINT };
    assert.equal((await exchange(bound)).kind, 'proved');
    assert.deepEqual(await exchange({ ...bound, clientEndPoint: Buffer.alloc(32, 8) }), {
      kind: 'refused',
      why: 'wrongChannelBinding',
    });
    await assert.rejects(exchange({ ...bound, offered: ['SCRAM-SHA-256'] }), malformed);
    assert.equal((await exchange({ ...bound, clientEndPoint: null })).kind, 'proved');
    assert.equal((await exchange({ verifier, clientEndPoint: END_POINT })).kind, 'proved');
  });

  it('refuses malformed messages of a client', async () => {
    const verifier = await scramVerifier('pencil', EXAMPLE.salt, 1);
    const begin = (text: string, mechanism = 'SCRAM-SHA-256', endPoint: Buffer | null = null) =>
      beginScramServer({ mechanism, data: Buffer.from(text), verifier, endPoint, nonce: 'server' });
    const firsts = [
      '',
      'n,,',
      'n,,r=a',
      'n,,n=,r=',
      'n,a=admin,n=,r=a',
      'x,,n=,r=a',
      'n,,n=,r=\u00e9',
      'n,,m=x,n=,r=a',
    ];
    for (const text of firsts) assert.throws(() => begin(text), malformed, text);
    assert.throws(() => begin('p=tls-unique,,n=,r=a', 'SCRAM-SHA-256-PLUS', END_POINT), malformed);
    assert.throws(() => begin('p=tls-server-end-point,,n=,r=a', 'SCRAM-SHA-256-PLUS'), malformed);
    assert.throws(() => begin('p=tls-server-end-point,,n=,r=a', 'SCRAM-SHA-256', END_POINT), malformed);
    assert.throws(() => begin('n,,n=,r=a', 'SCRAM-SHA-1'), malformed);
    const { awaiting } = begin('n,,n=,r=a');
    const proof = Buffer.alloc(32).toString('base64');
    const finals = [
      '',
      'c=biws',
      'c=biws,r=a',
      `c=biws,r=b,p=${proof}`,
      'c=biws,r=aserver,p=AAAA',
      'c=biws,r=aserver,p=?',
    ];
    for (const text of finals) {
      assert.throws(() => finishScramServer(awaiting, Buffer.from(text)), malformed, text);
    }
    assert.equal(finishScramServer(awaiting, Buffer.from(`c=eSws,r=aserver,p=${proof}`)).kind, 'refused');
  });

  it('refuses malformed messages of a server', async () => {
    const { awaiting } = beginScramClient({ offered: ['SCRAM-SHA-256'], endPoint: null, nonce: 'abc' });
    const texts = [
      '',
      'r=abc,s=AAAA,i=1',
      'r=xyz1,s=AAAA,i=1',
      'r=abcd,s=?,i=1',
      'r=abcd,s=AAAA,i=0',
      'r=abcd,s=AAAA,i=1e3',
    ];
    for (const text of [...texts, 'r=abcd,s=AAAA,i=4000000000']) {
      await assert.rejects(answerServerFirst(awaiting, Buffer.from(text), keysOfPassword('x')), malformed);
    }
    assert.throws(() => beginScramClient({ offered: ['OTHER'], endPoint: null, nonce: 'abc' }), malformed);
  });
});
