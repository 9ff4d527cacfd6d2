import { type HeldOf, LegalHold } from '../../contract/audit-endpoints.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { visible } from '../core/approvals/words.ts';
import { noMore, parsedArguments } from './arguments.ts';
import { type ExitCode, type Surroundings, UsageError } from './command.ts';
import { call } from './gateway-client.ts';
import { momentOf } from './moment.ts';
import { callerOf } from './requests.ts';

const OPTIONS = {
  gateway: { type: 'string' },
  json: { type: 'boolean' },
  reason: { type: 'string' },
  before: { type: 'string' },
  principal: { type: 'string' },
  target: { type: 'string' },
  session: { type: 'string' },
} as const;

/** `audit checkpoint|holds|hold|release|purge|rotate-key`: through the gateway whose log it is. */
export async function auditAct(
  act: string,
  args: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  const { out, say } = surroundings;
  const caller = () => callerOf(values.gateway, surroundings);
  switch (act) {
    case 'checkpoint': {
      noMore(positionals, 0);
      out((await call(await caller(), endpoints.auditCheckpoint, {}, {})).checkpoint.trimEnd());
      return 0;
    }
    case 'holds': {
      noMore(positionals, 0);
      const { holds } = await call(await caller(), endpoints.legalHolds, {}, {});
      if (values.json === true) out(JSON.stringify(holds));
      else if (holds.length === 0) say('No legal hold is in force.');
      else out(holds.map(holdInWords).join('\n'));
      return 0;
    }
    case 'hold': {
      const body = { name: nameIn(positionals), of: heldOf(values), reason: reasonIn(values.reason) };
      const placed = await call(await caller(), endpoints.placeHold, {}, body);
      out(holdInWords(placed));
      if (!placed.isKnown) say(unknownInWords(placed));
      return 0;
    }
    case 'release': {
      const [name, reason] = [nameIn(positionals), reasonIn(values.reason)];
      say(`Lifted: ${holdInWords(await call(await caller(), endpoints.liftHold, { name }, { reason }))}`);
      return 0;
    }
    case 'purge': {
      noMore(positionals, 0);
      const body = { before: beforeIn(values.before), reason: reasonIn(values.reason) };
      const { count } = await call(await caller(), endpoints.purge, {}, body);
      say(`The contents of ${count} entries of before ${body.before} are gone; their hashes stay.`);
      return 0;
    }
    case 'rotate-key': {
      noMore(positionals, 0);
      const reason = reasonIn(values.reason);
      out((await call(await caller(), endpoints.rotateAuditKey, {}, { reason })).key);
      return 0;
    }
    default:
      throw new UsageError(
        'Say what to do: audit verify, prove, check, export, checkpoint, holds, hold, release, purge or rotate-key.',
      );
  }
}

function nameIn(positionals: readonly string[]): string {
  const [name] = positionals;
  if (name === undefined)
    throw new UsageError('Give the hold a name: `sluice audit holds` lists those in force.');
  noMore(positionals, 1);
  if (LegalHold.shape.name.safeParse(name).success) return name;
  throw new UsageError('The name of a hold is 1 to 63 of a-z, 0-9, ".", "_" and "-".');
}

function reasonIn(reason: string | undefined): string {
  if (reason !== undefined && reason.trim() !== '') return reason;
  throw new UsageError('Give a reason with --reason: it stands in the log.');
}

function beforeIn(before: string | undefined): string {
  if (before !== undefined) return momentOf(before).toISOString();
  throw new UsageError('Say with --before which records: 2026-01-31, a time, or how long ago: "90 days".');
}

function heldOf(values: { [Kind in HeldOf['kind']]?: string | undefined }): HeldOf {
  const kinds = ['principal', 'target', 'session'] as const;
  const [one, other] = kinds.flatMap((kind) => {
    const value = values[kind];
    return value === undefined ? [] : [{ kind, value }];
  });
  if (one !== undefined && other === undefined) return one;
  throw new UsageError('Say whose records: one of --principal, --target and --session.');
}

/** It may be meant for somebody who comes later, or misspelt. */
function unknownInWords({ name, of: { kind, value } }: LegalHold): string {
  return visible(
    `Nothing in the log is of ${kind} ${value} yet, so it keeps nothing now. Ids are compared whole: \`sluice records --json\` shows them. If it is misspelt, \`sluice audit release ${name}\` lifts it.`,
  );
}

function holdInWords({ name, of, reason, by, at }: LegalHold): string {
  return visible(`${name}: all of ${of.kind} ${of.value}, by ${by.name} on ${at}: ${reason}`);
}
