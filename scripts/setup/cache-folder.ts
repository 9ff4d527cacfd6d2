import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloads that outlive a clone are kept: `$XDG_CACHE_HOME/sluice`, by default `~/.cache/sluice`. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sluice');
}
