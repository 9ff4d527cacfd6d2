import type { Principal } from '../../../../contract/principal.ts';
import type { Who } from '../language/schema.ts';
import { anyGlob } from './glob.ts';

export type Concerns = (principal: Principal) => boolean;

/** A rule's `who` and `except`. Within one mapping every line must hold; of several mappings, any one. */
export function compileWho(who: 'everyone' | Who | Who[], except: Who | Who[] | undefined): Concerns {
  const included = who === 'everyone' ? null : anyOf(who);
  const excluded = except === undefined ? null : anyOf(except);
  return (principal) => (included?.(principal) ?? true) && !(excluded?.(principal) ?? false);
}

function anyOf(whos: Who | Who[]): Concerns {
  const all = [whos].flat().map(one);
  return (principal) => all.some((concerns) => concerns(principal));
}

function one(who: Who): Concerns {
  const lines: Concerns[] = [];
  if (who.users !== undefined) lines.push(isUser(who.users));
  if (who.groups !== undefined) lines.push(inGroup(new Set(who.groups)));
  if (who.kinds !== undefined) lines.push(isKind(new Set<string>(who.kinds)));
  for (const [name, wanted] of Object.entries(who.claims ?? {})) lines.push(hasClaim(name, [wanted].flat()));
  return (principal) => lines.every((holds) => holds(principal));
}

/** A name without a prefix means a person, so that a service account can't be named into a person's rules. */
function isUser(users: readonly string[]): Concerns {
  const matches = anyGlob(users.map((user) => (user.includes(':') ? user : `person:${user}`)));
  return (principal) => matches(principal.id);
}

function inGroup(groups: ReadonlySet<string>): Concerns {
  return (principal) => principal.groups.some((group) => groups.has(group));
}

function isKind(kinds: ReadonlySet<string>): Concerns {
  return (principal) => kinds.has(principal.kind);
}

/** A claim that is a list has a value when it contains it. */
function hasClaim(name: string, wanted: ReadonlyArray<string | number | boolean>): Concerns {
  return (principal) => {
    if (!Object.hasOwn(principal.claims, name)) return false;
    const held = [principal.claims[name]].flat();
    return wanted.some((value) => held.includes(value));
  };
}
