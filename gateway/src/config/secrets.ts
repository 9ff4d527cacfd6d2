import { z } from 'zod';
import { Secret } from '../core/access/secret.ts';

/** A secret given in place or by the name of an environment variable; never kept as plain text. */
export function secretFrom(environment: NodeJS.ProcessEnv, minCharacters: number) {
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

/** A secret of a service that is not ours: of any length. */
export function secretIn(environment: NodeJS.ProcessEnv) {
  const { fromEnvironment } = secretFrom(environment, 1);
  const inPlace = z.strictObject({ value: z.string() }).transform(({ value }) => new Secret(value));
  return z.union([fromEnvironment, inPlace], { error: 'write {env: NAME} or {value: "…"}' });
}
