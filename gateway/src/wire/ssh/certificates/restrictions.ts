import { decode, type Outcome } from '../bytes/decode.ts';
import { traitsOf } from '../keys/key-type.ts';
import { DEMAND_TOUCH, type Demands } from '../keys/security-key.ts';
import { isWithin, parseAddress, parseNetwork } from './address.ts';
import type { Certificate } from './certificate.ts';
import { quoted, type Refusal, refusal } from './refusal.ts';

/** What a certificate restricts besides who, when and where from. */
export type Restrictions = { kind: 'met'; forceCommand: string | null; demands: Demands };

/** Extensions of PROTOCOL.certkeys that carry no data. */
const FLAGS: ReadonlySet<string> = new Set([
  'no-touch-required',
  'permit-X11-forwarding',
  'permit-agent-forwarding',
  'permit-port-forwarding',
  'permit-pty',
  'permit-user-rc',
]);

/** Reads and enforces the critical options; whichever is not known or not readable refuses the certificate. */
export function checkRestrictions(
  certificate: Certificate,
  sourceAddress: string | null,
): Restrictions | Refusal {
  const met = { kind: 'met' as const, forceCommand: null as string | null, demands: { ...DEMAND_TOUCH } };
  for (const [name, data] of certificate.criticalOptions) {
    const refused = enforce(met, { certificate, name, data, sourceAddress });
    if (refused !== null) return refused;
  }
  const filled = [...certificate.extensions].find(([name, data]) => FLAGS.has(name) && data.length > 0);
  if (filled)
    return refusal('malformedOption', certificate, `has data in its extension ${filled[0]}, a flag`);
  if (certificate.extensions.has('no-touch-required')) met.demands.touch = false;
  return met;
}

type Option = { certificate: Certificate; name: string; data: Buffer; sourceAddress: string | null };

function enforce(met: Restrictions, option: Option): Refusal | null {
  const { certificate, name, data } = option;
  if (certificate.kind === 'host') return unknown(option);
  switch (name) {
    case 'source-address':
      return checkSourceAddress(option);
    case 'force-command': {
      const command = textValue(name, data);
      if (!command.ok) return refusal('malformedOption', certificate, `is unreadable: ${command.why}`);
      met.forceCommand = command.value;
      return null;
    }
    case 'verify-required':
      if (!traitsOf(certificate.publicKey.type).onSecurityKey) {
        return refusal(
          'malformedOption',
          certificate,
          'asks a key to verify its user that is on no security key',
        );
      }
      if (data.length > 0) return refusal('malformedOption', certificate, `has data in its flag ${name}`);
      met.demands.verified = true;
      return null;
    default:
      return unknown(option);
  }
}

function unknown({ certificate, name }: Option): Refusal {
  const what = `has the critical option ${quoted(name)}, which is not known for a ${certificate.kind} certificate`;
  return refusal('unknownCriticalOption', certificate, what);
}

function checkSourceAddress({ certificate, name, data, sourceAddress }: Option): Refusal | null {
  const list = textValue(name, data);
  if (!list.ok) return refusal('malformedOption', certificate, `is unreadable: ${list.why}`);
  const networks = list.value.split(',').map(parseNetwork);
  if (networks.includes(null)) {
    return refusal(
      'malformedOption',
      certificate,
      `has a source-address that is no list of networks: ${quoted(list.value)}`,
    );
  }
  const address = sourceAddress === null ? null : parseAddress(sourceAddress);
  const isAllowed = networks.some((network) => network && address && isWithin(address, network));
  if (isAllowed) return null;
  const from = sourceAddress ?? 'an address that is not known';
  return refusal('sourceAddress', certificate, `may be used from ${quoted(list.value)} and not from ${from}`);
}

/** An option's data is a string in a string; a command may have line breaks, but no NUL, which would end it early. */
function textValue(name: string, data: Buffer): Outcome<string> {
  const read = decode(`its option ${name}`, data, data.length, (reader) => reader.string('the value'));
  if (!read.ok) return read;
  const text = read.value.toString();
  const isText = !text.includes('\0') && Buffer.from(text).equals(read.value);
  return isText ? { ok: true, value: text } : { ok: false, why: `its option ${name} is no text` };
}
