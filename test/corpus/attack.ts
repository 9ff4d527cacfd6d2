/** One step of an attack. A text alone is asked in the way that is being tried, and by itself where it can't be. */
export type Step =
  | string
  /** What somebody who may do anything does to the database at this moment, past the gateway. */
  | { readonly owner: string }
  /** A text that is asked as it is, in every way. */
  | { readonly as_is: string }
  /** COPY … FROM STDIN with its data. */
  | { readonly copyIn: string; readonly data: string }
  /** Messages of the extended protocol, sent in one go and followed by Sync. */
  | { readonly messages: readonly Message[] };

export type Message =
  | { readonly parse: string; readonly as?: string; readonly types?: readonly number[] }
  | {
      readonly bind: string;
      readonly portal?: string;
      readonly values?: readonly (string | null)[];
      readonly binary?: boolean;
    }
  | { readonly describe: 'statement' | 'portal'; readonly name?: string }
  | { readonly execute: string; readonly maxRows?: number };

/** One attack: steps taken in order on one session. Each family is one way round a mask. */
export type Attack = {
  readonly family: string;
  readonly steps: readonly Step[];
  /** Start-up parameters that the client asks for. */
  readonly startUp?: Readonly<Record<string, string>>;
  /** Its answer has clocks, random numbers or process numbers in it: planted values count, differences don't. */
  readonly unsteady?: true;
};

/** As families are written down: a text, steps, or the whole of it. */
export type Written = string | readonly Step[] | Omit<Attack, 'family'>;

export function family(name: string, attacks: readonly Written[]): readonly Attack[] {
  return attacks.map((attack) => {
    if (typeof attack === 'string') return { family: name, steps: [attack] };
    if ('steps' in attack) return { family: name, ...attack };
    return { family: name, steps: attack };
  });
}

/** The texts of an attack, for people and for telling what it names itself. */
export function textOfAttack({ steps, startUp }: Attack): string {
  const texts = steps.map((step) => {
    if (typeof step === 'string') return step;
    if ('owner' in step) return `(owner) ${step.owner}`;
    if ('as_is' in step) return step.as_is;
    if ('copyIn' in step) return `${step.copyIn} <- ${step.data}`;
    return JSON.stringify(step.messages);
  });
  return [...(startUp === undefined ? [] : [JSON.stringify(startUp)]), ...texts].join('; ');
}
