/** What is in the environment that would make the shell run or say things by itself, or look elsewhere for what it runs. */
const UNWANTED = [
  ...['PROMPT_COMMAND', 'PS0', 'PS4', 'ENV', 'BASH_ENV', 'POSIXLY_CORRECT', 'TMOUT', 'IGNOREEOF'],
  ...['MAIL', 'MAILPATH', 'CDPATH', 'GLOBIGNORE', 'FIGNORE', 'EXECIGNORE', 'BASH_COMPAT', 'INSIDE_EMACS'],
];

/**
 * What starts bash on a host so that nothing that is typed can reach it. The terminal is what its programs read and
 * write; its lines come framed through a FIFO that a second channel feeds. Bash's own script is a FIFO that it writes
 * itself, constant words alone: whoever takes bytes out of either can spoil a line, but not make another.
 * @param nonce of the mark that names the FIFO. @param first the line that the FIFO is fed first
 */
export function startUpCommand(nonce: string, first: string): string {
  const script = [
    'command -v bash >/dev/null || exit 127; u=$(umask); umask 077; d=$(mktemp -d -t sluice.XXXXXXXX) || exit 127',
    // Who waits for a feed that never comes leaves nothing behind.
    `trap 'rm -rf "$d"; exit 127' HUP TERM; mkfifo "$d/in" "$d/go" || { rm -rf "$d"; exit 127; }`,
    `printf "\\033]${MARK};${nonce};fifo;%s;${nonce}\\007" "$d/in"`,
    'exec 3<"$d/in" 4<>"$d/go"; rm -r "$d"; umask "$u"; trap - HUP TERM',
    `IFS= read -r l <&3; [ \${#l} -eq ${first.length} ] || exit 127; printf "%s\\n" "$l" >&4`,
    `unset ${UNWANTED.join(' ')}`,
    // -p: no functions out of the environment, nor options of the shell.
    'PS1= PS2= exec bash --norc --noprofile --noediting -p -i /dev/fd/4',
  ];
  return `exec /bin/sh -c ${quoted(script.join('; '))}`;
}

/**
 * The only line that bash reads as it stands, all ASCII; what comes after it is `sluice_go` and `sluice_end` in turns. While bash
 * reads a line of a person's, an interrupt does not count: it would drop what was read of it, and the rest would be one.
 */
export function firstLine(nonce: string): string {
  // The nonce stands in a variable alone: not among arguments, which `ps` shows, nor in an alias, which `type` does.
  const ofFrame = '^"$sluice_nonce"~([0-9]+)~([0-9]{6})~([^~]*)~$';
  const isWhole = `[[ $sluice_line =~ ${ofFrame} && 10#\${BASH_REMATCH[2]} -eq \${#BASH_REMATCH[3]} ]]`;
  const go = [
    `if IFS= read -r sluice_line <&60 && ${isWhole}`,
    `then sluice_number=\${BASH_REMATCH[1]}; printf -v sluice_line %b "\${BASH_REMATCH[3]}"`,
    // What is thrown away by an interrupt comes back: one of them is read whole.
    'sluice_runs=1; printf "sluice_end\\n%.0s" 1 2 3 >&61',
    // An interrupt ends programs, and what would follow them: in a loop it counts for all of it. Bash itself, whose input
    // is a script, would end with them if it had no trap.
    'trap "break 99 2>/dev/null" INT; for sluice_once in 1; do sluice_as "$sluice_status"; eval "$sluice_line"; done 60<&- 61>&-',
    'else kill -KILL $$; fi',
  ].join('; ');
  const end = [
    'sluice_last=$?; trap "" INT; if [[ -n $sluice_runs ]]; then sluice_runs=; sluice_status=$sluice_last',
    // Programs that ran in front of the person are no jobs to be listed. What was typed ahead is not for the next one.
    'jobs >/dev/null',
    'read -rsN 65536 -t 0.01 sluice_line 2>/dev/null',
    `printf '\\033]${MARK};%s;%d;%d;%q;%s\\007' "$sluice_nonce" "$sluice_number" "$sluice_status" "$PWD" "$sluice_nonce"`,
    'echo sluice_go >&61; fi',
  ].join('; ');
  return [
    // Nobody but root may open them by another name.
    'chmod 0 /dev/fd/3 /dev/fd/4; exec 60<&3 61>&4 3<&- 4<&-; jobs >/dev/null',
    // Nothing that is run is kept in a file, `!` stands for itself, and where it stands is told without links.
    'set +o history +H -P; export -n PS1 PS2; unset HISTFILE MAILCHECK',
    `sluice_as() { return "$1"; }; alias sluice_go=${quoted(go)} sluice_end=${quoted(end)}`,
    `sluice_nonce=${nonce}`,
    'sluice_number=0; sluice_status=0; sluice_runs=1; echo sluice_end >&61',
  ].join('; ');
}

/**
 * A line as bash's FIFO takes it: of one line itself, numbered, and with its length, so that one of which something is
 * missing is known as that.
 */
export function frame(nonce: string, number: number, line: string): string {
  let text = '';
  for (const byte of Buffer.from(line)) {
    const isPlain = byte >= 0x20 && byte < 0x7e && byte !== 0x5c;
    text += isPlain ? String.fromCharCode(byte) : `\\0${byte.toString(8).padStart(3, '0')}`;
  }
  return `${nonce}~${number}~${String(text.length).padStart(6, '0')}~${text}~\n`;
}

/** A line that does nothing and leaves how the one before ended. */
export const NOTHING = 'sluice_as "$sluice_status"';

/** Feeds the FIFO: what comes on this channel is what bash reads. */
export function feedCommand(fifo: string): string {
  return `exec /bin/sh -c 'exec cat > "$0"' ${quoted(fifo)}`;
}

/** A private OSC (ECMA-48 8.3.89): terminals ignore it, and clients never get it. */
export const MARK = 7777;

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
