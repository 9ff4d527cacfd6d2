import { generateKeyPairSync } from 'node:crypto';
import { Writer } from '../../../gateway/src/wire/ssh/bytes/writer.ts';
import { publicKeyOf } from '../../../gateway/src/wire/ssh/keys/public-key.ts';
import { type Assertion, signedBySecurityKey } from '../../../gateway/src/wire/ssh/keys/security-key.ts';
import { signData } from '../../../gateway/src/wire/ssh/keys/signature.ts';

const APPLICATION = 'ssh:';

/** A security key without the hardware: it asserts whatever it is told to. */
export function securityKey(kind: 'ed25519' | 'ecdsa') {
  const pair =
    kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { blob } = publicKeyOf(pair.publicKey);
  const type = kind === 'ed25519' ? 'sk-ssh-ed25519@openssh.com' : 'sk-ecdsa-sha2-nistp256@openssh.com';
  return {
    blob: new Writer().string(type).bytes(withoutName(blob)).string(APPLICATION).end(),
    sign(message: Uint8Array, assertion: Assertion): Buffer {
      const signed = signData(
        pair.privateKey,
        signedBySecurityKey({ application: APPLICATION, assertion, message }),
      );
      const { flags, counter } = assertion;
      return new Writer().string(type).bytes(withoutName(signed)).uint8(flags).uint32(counter).end();
    },
  };
}

/** What follows the name that keys and signatures begin with. */
function withoutName(blob: Buffer): Buffer {
  return blob.subarray(4 + blob.readUInt32BE());
}
