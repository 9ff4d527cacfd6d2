import type { KeyboardAuthContext } from 'ssh2';
import type { DeviceSignIns, SignedInDevice } from '../../../core/access/device-sign-ins.ts';
import { visibleLines } from '../../../core/approvals/words.ts';

/** Who asks: what the sign-in page shows of them. */
export type DeviceAsking = { login: string; address: string };

/**
 * Signs a person in by the method `keyboard-interactive` (RFC 4256): the client shows where to sign in, and asks
 * nothing back. Null when nobody signed in, or `left` resolved before.
 */
export async function logInByDevice(
  context: KeyboardAuthContext,
  devices: DeviceSignIns,
  { login, address }: DeviceAsking,
  left: Promise<void>,
): Promise<SignedInDevice | null> {
  const device = await devices.begin(`An SSH client at ${address} that wants to reach ${login}`, address);
  if (device === null) {
    tell(context, 'Too many people are signing in at this moment. Try again in a minute.');
    return null;
  }
  context.once('abort', () => device.giveUp());
  void left.then(() => device.giveUp());
  tell(context, `To sign in, open ${device.url}\nand check that it shows the code ${device.code}. Waiting …`);
  return device.signedIn;
}

/** Says something in an exchange that asks nothing: clients show it at once (RFC 4256 section 3.2). */
export function tell(context: KeyboardAuthContext, words: string): void {
  context.prompt([], 'Sluice', visibleLines(words), () => undefined);
}
