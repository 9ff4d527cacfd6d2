import { TargetName } from '../../../gateway/contract/ids.ts';

/** A file or folder of a host. `account` is undefined where the host's usual one is meant; `path` begins with `/`. */
export type HostPlace = { target: TargetName; account: string | undefined; path: string };

export const HOST_SCHEME = 'sluice-host';

/** The parts of its address: `sluice-host:/web/etc/hosts`, or `sluice-host://deploy/web/etc/hosts` as `deploy`. */
export function addressOf({ target, account, path }: HostPlace) {
  return { scheme: HOST_SCHEME, authority: account ?? '', path: `/${target}${path}` };
}

/** The place that an address names; null when it names none. */
export function placeOf({ authority, path }: { authority: string; path: string }): HostPlace | null {
  const [, name = '', rest] = /^\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  const target = TargetName.safeParse(name);
  if (!target.success) return null;
  return { target: target.data, account: authority === '' ? undefined : authority, path: rest ?? '/' };
}

/** What is in a folder under this name. */
export function within({ target, account, path }: HostPlace, name: string): HostPlace {
  return { target, account, path: path === '/' ? `/${name}` : `${path}/${name}` };
}
