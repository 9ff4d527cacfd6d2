import type { SluiceError } from '../../../contract/error.ts';
import type { Tape } from '../../core/recording/tape.ts';
import type { OpenSession } from '../../core/sessions/open-session.ts';
import type { SshServices } from './context.ts';

export type Taped = {
  live: OpenSession;
  services: SshServices;
  terminal: { term: string; columns: number; rows: number };
  /** Of an exec channel; a shell has none. */
  command?: string;
};

/** Begins the recording of one terminal of a session. @param onFailure it can't be kept: the terminal must end */
export function beginTape(
  { live, services, terminal, command }: Taped,
  onFailure: (why: SluiceError) => void,
): Tape {
  const { term, columns, rows } = terminal;
  const { id, target } = live.session;
  const tape = {
    session: id,
    terminal: live.addTerminal(),
    principal: live.who.id,
    target: target.name,
    title: `${live.who.name} on ${live.account ?? ''}@${target.name}`,
    ...(command === undefined ? {} : { command }),
    columns,
    rows,
    term,
  };
  return services.tapes.begin(tape, onFailure);
}
