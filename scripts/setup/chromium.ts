import { type Browser, chromium } from 'playwright-core';
import { findProgram } from './system-packages.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** Debian's Chromium without a screen, reaching nothing but this machine. `CHROMIUM` names another one. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? findProgram('chromium');
  if (executablePath === null) throw new Error('Chromium is missing; on Debian: apt-get install chromium');
  return chromium.launch({ executablePath, args: flags });
}
