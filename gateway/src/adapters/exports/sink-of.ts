import { readFileSync } from 'node:fs';
import { assertNever } from '../../../contract/assert-never.ts';
import type { ExportConfig } from '../../config.ts';
import { Secret } from '../../core/access/secret.ts';
import { FileSink, type FileSinkOptions } from './sinks/file.ts';
import { HttpSink } from './sinks/http.ts';
import type { Sink } from './sinks/sink.ts';
import { SyslogSink, type SyslogSinkOptions } from './sinks/syslog.ts';

/** Where an export goes, as it crosses to another thread: secrets are plain there, and files are read. */
export type Destination =
  | ({ to: 'file' } & FileSinkOptions)
  | ({ to: 'syslog' } & SyslogSinkOptions)
  | { to: 'http'; url: string; token: string | null; ca: string | null };

/** @throws what reading a PEM file says */
export function destinationOf({ file, syslog, http, name }: ExportConfig): Destination {
  if (file !== undefined) return { to: 'file', ...file };
  if (syslog !== undefined) {
    const { address, facility, ca, certificate, key } = syslog;
    const tls = {
      ...(ca === undefined ? {} : { ca: readFileSync(ca, 'utf8') }),
      ...(certificate === undefined ? {} : { cert: readFileSync(certificate, 'utf8') }),
      ...(key === undefined ? {} : { key: readFileSync(key, 'utf8') }),
    };
    return { to: 'syslog', ...address, facility, tls };
  }
  if (http !== undefined) {
    const { url, token, ca } = http;
    return {
      to: 'http',
      url: url.reveal(),
      token: token?.reveal() ?? null,
      ca: ca === undefined ? null : readFileSync(ca, 'utf8'),
    };
  }
  throw new Error(`export ${name} goes nowhere`);
}

export function sinkOf(destination: Destination): Sink {
  switch (destination.to) {
    case 'file':
      return new FileSink(destination);
    case 'syslog':
      return new SyslogSink(destination);
    case 'http': {
      const { url, token, ca } = destination;
      return new HttpSink({
        url: new Secret(url),
        ...(token === null ? {} : { token: new Secret(token) }),
        ...(ca === null ? {} : { ca }),
      });
    }
    default:
      return assertNever(destination);
  }
}
