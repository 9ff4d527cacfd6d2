const NULL = /^NULL(::[\w.]+( varying| precision)?(\(\d+(,\d+)?\))?( (with|without) time zone)?(\[\])*)?$/;
/** Nobody can know or choose which value comes: what it hits tells nothing. A cast to fewer characters could be guessed. */
const RANDOM =
  /^\(?(gen_random_uuid|uuidv4|uuidv7|(\w+\.)?uuid_generate_v4)\(\)\)?(::(text|uuid|character varying))?$/;

/**
 * Whether a default writes a value that somebody can know: then who leaves a column to it has written that value. They
 * may have set the default, or the sequence that it takes its next value of.
 */
export function isKnown(expression: string | null): boolean {
  return expression !== null && !NULL.test(expression) && !RANDOM.test(expression);
}

/** Whether somebody can choose anew what comes, each time: `setval` and ALTER SEQUENCE do. */
export function isCounted(expression: string | null): boolean {
  return expression !== null && /\bnextval\(/.test(expression);
}
