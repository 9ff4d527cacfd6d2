/** Where a system keeps its programs. Whoever can write there owns the host already. */
const systemFolder = /^\/(?:usr\/(?:local\/)?)?s?bin\/(?=[^/]+$)/;

/**
 * The name that a rule about programs is compared with: `rm` for `rm` and for `/usr/bin/rm`; any other path stays
 * what it is, so that `./rm` and `/tmp/rm` are never taken for the system's own.
 */
export function ruleName(program: string): string {
  return program.replace(systemFolder, '');
}
