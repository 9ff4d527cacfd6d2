const BOLD = '\x1b[1m';
const RED = '\x1b[31m';
const PLAIN = '\x1b[m';

/** `deploy@web:/var/log$ `; the sign is red where the last command failed. Control characters stand as `?`. */
export function prompt(account: string, target: string, folder: string, exitCode: number): string {
  const place = [...folder].map((character) =>
    /[\p{C}\p{Z}]/u.test(character) && character !== ' ' ? '?' : character,
  );
  const sign = exitCode === 0 ? '$' : `${RED}$${PLAIN}`;
  return `${BOLD}${account}@${target}${PLAIN}:${place.join('')}${sign} `;
}
