import { randomInt } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { DeviceSignIn, DeviceSignIns, SignedInDevice } from '../../core/access/device-sign-ins.ts';
import { SSH_CLIENT_ID } from './provider.ts';
import type { SignIns } from './sign-ins.ts';

export type DeviceSignInParts = {
  provider: Provider;
  signIns: SignIns;
  /** Resolves once it is recorded that this person has signed in. */
  recorded(accountId: string, network: string): Promise<void>;
  /** Where people enter codes: "http://127.0.0.1:4000/oidc/device". */
  page: string;
  maxWaiting: number;
};

type DeviceCode = InstanceType<Provider['DeviceCode']>;

/** Without vowels, so that no word comes about. */
const CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const CODE_LENGTH = 8;

/** Device codes of the gateway's own: what a client would poll for is told within the process. */
export function deviceSignIns(parts: DeviceSignInParts): DeviceSignIns {
  const { provider, signIns, recorded, page, maxWaiting } = parts;
  const waiting = new Map<string, (code: DeviceCode | null) => void>();
  provider.on('device_code.saved', (code: DeviceCode) => {
    if (code.error !== undefined) waiting.get(code.userCode)?.(null);
    else if (code.accountId !== undefined && code.grantId !== undefined) waiting.get(code.userCode)?.(code);
  });

  const signIn = async (code: DeviceCode, network: string): Promise<SignedInDevice | null> => {
    await code.consume();
    const grant = await provider.Grant.find(code.grantId ?? '');
    if (grant?.exp === undefined || code.accountId === undefined) return null;
    try {
      await recorded(code.accountId, network);
    } catch {
      await grant.destroy().catch(() => undefined);
      return null;
    }
    const endsAtMs = grant.exp * 1000;
    signIns.seen({ grant: grant.jti, person: code.accountId, renewedUntilMs: endsAtMs, endsAtMs });
    return {
      principal: signIns.handle(grant.jti, 'signIn'),
      end: () => {
        signIns.end(grant.jti);
        void grant.destroy().catch(() => undefined);
      },
    };
  };

  const begin = async (asking: string, network: string): Promise<DeviceSignIn | null> => {
    if (waiting.size >= maxWaiting) return null;
    const userCode = newCode();
    const { promise, resolve } = Promise.withResolvers<DeviceCode | null>();
    waiting.set(userCode, resolve);
    const signedIn = promise.then((code) => (code === null ? null : signIn(code, network)));
    const forget = () => waiting.delete(userCode);
    signedIn.then(forget, forget);
    try {
      const code = await newDeviceCode(provider, userCode, asking);
      const runsOut = setTimeout(() => resolve(null), code.expiration * 1000);
      signedIn.finally(() => clearTimeout(runsOut)).catch(() => undefined);
      const giveUp = () => {
        resolve(null);
        void code.destroy().catch(() => undefined);
      };
      const shown = `${userCode.slice(0, 4)}-${userCode.slice(4)}`;
      return { url: `${page}?user_code=${shown}`, code: shown, signedIn, giveUp };
    } catch (error) {
      resolve(null);
      throw error;
    }
  };
  return { begin };
}

async function newDeviceCode(provider: Provider, userCode: string, asking: string): Promise<DeviceCode> {
  const client = await provider.Client.find(SSH_CLIENT_ID);
  if (client === undefined) throw new TypeError('the client of SSH is not registered');
  const code = new provider.DeviceCode({
    client,
    userCode,
    params: { client_id: SSH_CLIENT_ID, scope: 'openid' },
    deviceInfo: { asking },
    // Given by the person who signs in.
    grantId: '',
  });
  await code.save();
  return code;
}

function newCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join('');
}
