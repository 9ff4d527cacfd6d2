import type { RefusalReason } from '../../../gateway/src/wire/ssh/certificates/refusal.ts';
import { ACCOUNT } from './server.ts';

const HOUR = '-1h:+1h';
/** Arguments of ssh-keygen for a certificate that is good in every way. */
export const GOOD = ['-I', 'ana', '-n', `${ACCOUNT},deploy`, '-V', HOUR, '-z', '7'];

export type Case = {
  name: string;
  args: readonly string[];
  outcome: 'valid' | RefusalReason;
  sshdLetsIn?: true;
};

/** What ssh-keygen is asked for, and what both sshd and we must make of it, but where `sshdLetsIn` says that it is laxer. */
export const CASES: readonly Case[] = [
  { name: 'good', args: GOOD, outcome: 'valid' },
  { name: 'good for ever', args: ['-I', 'ana', '-n', ACCOUNT], outcome: 'valid' },
  { name: 'without extensions', args: [...GOOD, '-O', 'clear'], outcome: 'valid' },
  {
    name: 'with an extension of somebody’s own',
    args: [...GOOD, '-O', 'extension:team@example.com=db'],
    outcome: 'valid',
  },
  { name: 'expired', args: ['-I', 'ana', '-n', ACCOUNT, '-V', '-2h:-1h'], outcome: 'expired' },
  { name: 'not yet valid', args: ['-I', 'ana', '-n', ACCOUNT, '-V', '+1h:+2h'], outcome: 'notYetValid' },
  {
    name: 'for another principal',
    args: ['-I', 'ana', '-n', 'deploy', '-V', HOUR],
    outcome: 'wrongPrincipal',
  },
  { name: 'for nobody', args: ['-I', 'ana', '-V', HOUR], outcome: 'noPrincipals' },
  { name: 'for a host', args: [...GOOD, '-h'], outcome: 'wrongKind' },
  {
    name: 'with an unknown critical option',
    args: [...GOOD, '-O', 'critical:foo=bar'],
    outcome: 'unknownCriticalOption',
  },
  { name: 'from here', args: [...GOOD, '-O', 'source-address=10.0.0.0/8,127.0.0.0/8'], outcome: 'valid' },
  {
    name: 'from here in IPv6 besides',
    args: [...GOOD, '-O', 'source-address=::1/128,127.0.0.0/31'],
    outcome: 'valid',
  },
  { name: 'from here alone', args: [...GOOD, '-O', 'source-address=127.0.0.1'], outcome: 'valid' },
  {
    name: 'from elsewhere',
    args: [...GOOD, '-O', 'source-address=10.0.0.0/8,2001:db8::/32'],
    outcome: 'sourceAddress',
  },
  {
    name: 'with a source-address that is none',
    args: [...GOOD, '-O', 'critical:source-address=everywhere'],
    outcome: 'malformedOption',
  },
  {
    name: 'with host bits in its source-address',
    args: [...GOOD, '-O', 'critical:source-address=127.0.0.1,10.0.0.1/8'],
    outcome: 'malformedOption',
  },
  { name: 'with a command', args: [...GOOD, '-O', 'force-command=echo welcome forced'], outcome: 'valid' },
  {
    name: 'with verify-required on no security key',
    args: [...GOOD, '-O', 'verify-required'],
    outcome: 'malformedOption',
    sshdLetsIn: true,
  },
];
