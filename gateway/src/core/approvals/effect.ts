import { createHash } from 'node:crypto';
import type { EffectHash, PolicyVersion, TargetName } from '../../../contract/ids.ts';
import type { Principal } from '../../../contract/principal.ts';

/** Where and as whom something would run. */
export type Place = { principal: Principal; target: TargetName; policyVersion: PolicyVersion };

/**
 * What an approval is bound to: who, on what target, under which policy, and `parts`, everything else that the action's
 * meaning depends on (statement, parameters, role, search path, catalogue version). SHA-256, hex; no two lists of parts
 * give the same text.
 */
export function effectOf(place: Place, parts: readonly string[]): EffectHash {
  return hashed('effect', place, parts);
}

/** The same for a statement's shape: its constants and parameters are left out of `parts`. */
export function shapeOf(place: Place, parts: readonly string[]): EffectHash {
  return hashed('shape', place, parts);
}

function hashed(kind: string, place: Place, parts: readonly string[]): EffectHash {
  const { principal, target, policyVersion } = place;
  const text = JSON.stringify([
    kind,
    principal.id,
    principal.actsFor?.id ?? null,
    target,
    policyVersion,
    parts,
  ]);
  return createHash('sha256').update(text).digest('hex') as EffectHash;
}
