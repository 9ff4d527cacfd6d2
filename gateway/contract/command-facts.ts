import * as z from 'zod';

/** How a shell opens a file for a program: `< F`, `> F`, `>> F`, `<> F`. */
export const Redirection = z.object({
  mode: z.enum(['read', 'write', 'append', 'readWrite']),
  path: z.string(),
});
export type Redirection = z.infer<typeof Redirection>;

/** One program of a command line, as it would be run: quotes are resolved, nothing is left to expand. */
export const ProgramRun = z.object({
  /** As written: `rm`, `/usr/bin/rm`, a shell's own `cd`. */
  program: z.string(),
  arguments: z.array(z.string()),
  /** Whether arguments come to these that the line does not tell: from the input of `xargs`, the finds of `find`. */
  moreArguments: z.boolean(),
  /** Variables that are set for this program alone: `LC_ALL=C sort`, `env LC_ALL=C sort`. */
  environment: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Those of the group around it too. */
  redirections: z.array(Redirection),
  /** Programs that run it, the outermost first: `sudo`, `env`, `xargs`, `find`. Empty where the shell does. */
  by: z.array(z.string()),
});
export type ProgramRun = z.infer<typeof ProgramRun>;

/**
 * What a program can do that its arguments do not tell: whoever runs it may run anything. Each needs a rule of its own.
 * `interpreter`: `bash`, `python`, `awk`, package managers; `editor`: `vi`; `pager`: `less`; `remote`: `ssh`, `curl`;
 * `option`: an option that runs another program or writes a file, `tar --checkpoint-action`, `sort -o`;
 * `environment`: a variable that is not known to be harmless, `LD_PRELOAD=… ls`.
 */
export const Freedom = z.enum(['interpreter', 'editor', 'pager', 'remote', 'option', 'environment']);
export type Freedom = z.infer<typeof Freedom>;

/**
 * What one command line of a shell would do, and what could not be determined. `unknowns` is never empty when the
 * line was not wholly understood, and anything in it blocks.
 */
export const CommandFacts = z.object({
  protocol: z.literal('shell'),
  /** In the order of the line, a program that another one runs behind that one. */
  programs: z.array(ProgramRun),
  /** `because` is a sentence for people: "`--checkpoint-action` runs a program". */
  freedoms: z.array(z.object({ program: z.string(), freedom: Freedom, because: z.string() })),
  /** Whether some of it goes on behind the next prompt: `&`. */
  background: z.boolean(),
  /** A sentence for each thing that could not be determined: "`$HOME` is expanded by the shell". */
  unknowns: z.array(z.string()),
});
export type CommandFacts = z.infer<typeof CommandFacts>;
