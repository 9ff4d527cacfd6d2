/** What a client asks for by its user name: `web`, or `deploy%web` for another account than the target's first. */
export type LoginName = { target: string; account: string | null };

/** The part after the last `%` is the target: account names may hold one, target names don't. */
export function parseLoginName(name: string): LoginName {
  const at = name.lastIndexOf('%');
  if (at === -1) return { target: name, account: null };
  return { target: name.slice(at + 1), account: name.slice(0, at) };
}
