/**
 * What starts bash on a host so that nothing that is typed can reach it: it reads its lines from a FIFO that a second
 * channel feeds, as it would a script, and the terminal is what its programs read and write.
 */
export function startUpCommand(nonce: string): string {
  const script = [
    'umask 077; d=$(mktemp -d -t sluice.XXXXXXXX) && mkfifo "$d/in" || exit 127',
    `printf "\\033]${MARK};${nonce};fifo;%s\\007" "$d/in"`,
    // It is gone before anything runs, and nobody but root may open it by another name.
    'exec 3<"$d/in"; chmod 0 "$d/in"; rm -r "$d"',
    'PS1= PS2= HISTFILE=/dev/null exec bash --norc --noprofile --noediting -i /dev/fd/3',
  ];
  return `exec /bin/sh -c ${quoted(script.join('; '))}`;
}

/** Programs get no descriptor of the way in; nothing that is run is kept in a file, and `!` stands for itself. */
export const FIRST_LINE = 'exec 3<&-; set +o history +H';

/** What bash runs behind each line: it tells how that ended, and where it stands now. */
export function markLine(nonce: string): string {
  const mark = `printf '\\033]${MARK};${nonce};%d;%s\\007' "$REPLY" "$PWD"`;
  // What was typed ahead is not for the next program.
  return `REPLY=$?; read -rs -n 65536 -t 0.01 _; ${mark}; unset REPLY`;
}

/** Feeds the FIFO: what comes on this channel is what bash reads. */
export function feedCommand(fifo: string): string {
  return `exec /bin/sh -c 'exec cat > "$0"' ${quoted(fifo)}`;
}

/** A private OSC (ECMA-48 8.3.89): terminals ignore it, and clients never get it. */
export const MARK = 7777;

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
