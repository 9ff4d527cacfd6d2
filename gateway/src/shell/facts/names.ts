/** The last part of a program's path: `python3` of `/usr/bin/python3`. */
export function baseName(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}

const gnuNames =
  /^g(?=(env|nice|nohup|timeout|time|stdbuf|chroot|xargs|find|sed|tar|sort|split|date|install|shuf|uniq)$)/;

/** The name that the tables of options have, without folder and without the `g` of GNU's programs on BSD and macOS. */
export function tableName(program: string): string {
  return baseName(program).replace(gnuNames, '');
}

/**
 * The name that a program is known by, without folder, version and variant: `python` for `/usr/bin/python3.11`, `vim`
 * for `vim.tiny`. In lower case, because some file systems take either.
 */
export function familiarName(program: string): string {
  const name = baseName(program).slice(0, 255).toLowerCase();
  const plain = name
    .replace(/\.(exe|basic|tiny|nox|gtk3?|athena|traditional|openbsd|distrib|real)$/, '')
    .replace(/^(x86_64|aarch64|arm|i[3-6]86)[\w]*-linux-gnu[a-z]*-/, '')
    .replace(/[-_.]?\d[\d.]*([-.]?(dbg|debug|dev|beta|rc\d*))?$/, '');
  return plain === '' ? name : plain;
}
