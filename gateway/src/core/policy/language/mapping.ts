import { z } from 'zod';
import { nearest } from './nearest.ts';

/** A strict YAML mapping: an unknown key is an error that names the nearest known one. */
export function mapping<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return unknownKeys(issue.keys, known);
      if (issue.code === 'invalid_type') return `a mapping stands here, with the keys ${known.join(', ')}`;
      return undefined;
    },
  });
}

function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  const told = keys.map((key) => {
    const near = nearest(key, known);
    return near === undefined
      ? `"${key}" is not known here`
      : `"${key}" is not known here; did you mean "${near}"?`;
  });
  return `${told.join('. ')} Known are ${known.join(', ')}`;
}
