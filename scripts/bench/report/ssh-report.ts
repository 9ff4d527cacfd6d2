import type { SshResult } from '../ssh/ssh.ts';
import { WAYS } from '../ssh/ways.ts';
import { median } from '../statistics.ts';
import { atLeast, below, type Report } from './report.ts';

const MAX_CONNECT_OF_JUMP = 1.5;
const MAX_ECHO_OVER_JUMP_MS = 2;
const MIN_STREAM_OF_RELAY = 0.8;

/** What SSH over the gateway costs beside `ssh -J`, and beside a relay that looks at nothing. */
export function sshReport(measured: SshResult): Report {
  const { jump, relay, gateway } = measured;
  const connect = median(gateway.connectMs) / median(jump.connectMs);
  const echo = median(gateway.echoMs) - median(jump.echoMs);
  const stream = median(gateway.megabytesPerSecond) / median(relay.megabytesPerSecond);
  return {
    measured,
    tables: [
      WAYS.map((way) => ({
        way,
        'connect and true, ms': Number(median(measured[way].connectMs).toFixed(0)),
        'key to screen, ms': Number(median(measured[way].echoMs).toFixed(2)),
        'a gibibyte of log, MB/s': Math.round(median(measured[way].megabytesPerSecond)),
      })),
    ],
    goals: [
      ...below('ssh: connect and true, of ssh -J', connect, MAX_CONNECT_OF_JUMP, 'times'),
      ...below('ssh: a key to the screen, over ssh -J', echo, MAX_ECHO_OVER_JUMP_MS, 'ms'),
      ...atLeast('ssh: a stream recorded and looked through, of a bare relay’s', stream, MIN_STREAM_OF_RELAY),
    ],
  };
}
