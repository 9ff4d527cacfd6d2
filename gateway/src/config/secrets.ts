import { z } from 'zod';
import { Secret } from '../core/access/secret.ts';

/** A secret given in place or by the name of an environment variable; never kept as plain text. */
function secretFrom(environment: NodeJS.ProcessEnv, minCharacters: number) {
  const checked = (value: string, context: z.RefinementCtx, what: string): Secret => {
    if (value.length < minCharacters) {
      context.addIssue({ code: 'custom', message: `${what} must have at least ${minCharacters} characters` });
    }
    return new Secret(value);
  };
  const fromEnvironment = z.strictObject({ env: z.string() }).transform(({ env }, context) => {
    const value = environment[env];
    if (value !== undefined && value !== '') return checked(value, context, `environment variable ${env}`);
    context.addIssue({
      code: 'custom',
      message: `environment variable ${env} is not set. Set it before starting the gateway`,
    });
    return z.NEVER;
  });
  return { fromEnvironment, checked };
}

/** `{env: NAME}` or `{value: "…"}`, of no fewer characters than these; `what` it is called where it is too short. */
export function secretIn(environment: NodeJS.ProcessEnv, minCharacters = 0, what = 'a secret') {
  const { fromEnvironment, checked } = secretFrom(environment, minCharacters);
  const inPlace = z
    .strictObject({ value: z.string() })
    .transform(({ value }, context) => checked(value, context, what));
  return z.union([fromEnvironment, inPlace], { error: 'write {env: NAME} or {value: "…"}' });
}

/** An address that may hold a secret: as it is, or `{env: NAME}`. `error`: how to write it. */
export function secretAddress(environment: NodeJS.ProcessEnv, error: string) {
  const { fromEnvironment } = secretFrom(environment, 1);
  const inPlace = z.string().transform((text) => new Secret(text));
  return z.union([inPlace, fromEnvironment], { error });
}
