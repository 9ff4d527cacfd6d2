import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { sha256 } from './tree-hash.ts';

/** https://c2sp.org/signed-note */

const ED25519 = 1;
const KEY_BYTES = 32;
const ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
const MAX_SIGNATURES = 100;
const MAX_CHARACTERS = 1_000_000;
/** What stands before the 32 bytes of a key in DER (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A public key that checks notes. `text`: "name+id+base64", as it is handed around. */
export type VerifierKey = { text: string; name: string; id: Buffer; key: KeyObject };

/** A key that signs notes. */
export type Signer = { verifier: VerifierKey; key: KeyObject };

/** @throws Error when it is no Ed25519 key of a signed note */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name = '', encoded = ''] = /^([^\s+]+)\+[0-9a-f]{8}\+(\S+)$/.exec(text.trim()) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded || bytes[0] !== ED25519 || bytes.length !== 1 + KEY_BYTES) {
    throw new Error('this is no verifier key of Ed25519: name+id+base64');
  }
  const verifier = verifierOf(name, bytes.subarray(1));
  if (verifier.text !== text.trim()) throw new Error('the id of the verifier key is not that of its bytes');
  return verifier;
}

/** Of the private key's 32 bytes. */
export function signerOf(name: string, seed: Uint8Array): Signer {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { verifier: verifierOf(name, der.subarray(SPKI.length)), key };
}

/** Signs a text that ends with a line break, with each of the keys. */
export function signNote(text: string, signers: readonly Signer[]): string {
  const bytes = Buffer.from(text);
  const lines = signers.map(({ verifier, key }) => {
    const signature = Buffer.concat([verifier.id, sign(null, bytes, key)]).toString('base64');
    return `— ${verifier.name} ${signature}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** A note as it stands, before anybody has looked at its signatures. */
export type Note = { text: string; signatures: Array<{ name: string; id: Buffer; signature: Buffer }> };

/** Null when it is no note. */
export function parseNote(note: string): Note | null {
  const end = note.lastIndexOf('\n\n');
  // Only line breaks are control characters that a note may have.
  if (end === -1 || note.length > MAX_CHARACTERS || /[^\n\P{Cc}]|\ufffd/u.test(note)) return null;
  const lines = note.slice(end + 2).split('\n');
  if (lines.pop() !== '' || lines.length === 0 || lines.length > MAX_SIGNATURES) return null;
  const signatures: Note['signatures'] = [];
  for (const line of lines) {
    const [, name = '', encoded = ''] = /^— ([^\s+]+) ([A-Za-z0-9+/]+=*)$/.exec(line) ?? [];
    const bytes = Buffer.from(encoded, 'base64');
    if (bytes.length <= ID_BYTES || bytes.toString('base64') !== encoded) return null;
    signatures.push({ name, id: bytes.subarray(0, ID_BYTES), signature: bytes.subarray(ID_BYTES) });
  }
  return { text: note.slice(0, end + 1), signatures };
}

/** Whether a key has signed it. Of several signatures by one key none may be wrong. */
export function isSignedBy({ text, signatures }: Note, { name, id, key }: VerifierKey): boolean {
  const own = signatures.filter((one) => one.name === name && one.id.equals(id));
  const bytes = Buffer.from(text);
  return (
    own.length > 0 &&
    own.every(({ signature }) => signature.length === SIGNATURE_BYTES && verify(null, bytes, key, signature))
  );
}

function verifierOf(name: string, bytes: Uint8Array): VerifierKey {
  const typed = Buffer.concat([Buffer.from([ED25519]), bytes]);
  const id = Buffer.from(sha256(Buffer.concat([Buffer.from(`${name}\n`), typed]))).subarray(0, ID_BYTES);
  const key = createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' });
  return { text: `${name}+${id.toString('hex')}+${typed.toString('base64')}`, name, id, key };
}

/** A private key as golang.org/x/mod/sumdb/note writes it, of its 32 bytes. */
export function privateKeyText(name: string, seed: Uint8Array): string {
  const { verifier } = signerOf(name, seed);
  const typed = Buffer.concat([Buffer.from([ED25519]), seed]).toString('base64');
  return `PRIVATE+KEY+${name}+${verifier.id.toString('hex')}+${typed}`;
}

/** Null when it is none, or is not whole. */
export function parsePrivateKey(text: string): Signer | null {
  const [, name = '', encoded = ''] = /^PRIVATE\+KEY\+([^\s+]+)\+[0-9a-f]{8}\+(\S+)$/.exec(text.trim()) ?? [];
  const typed = Buffer.from(encoded, 'base64');
  if (typed.length !== 1 + KEY_BYTES || privateKeyText(name, typed.subarray(1)) !== text.trim()) return null;
  return signerOf(name, typed.subarray(1));
}
