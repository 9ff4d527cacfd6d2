import {
  PolicyVersion,
  PrincipalId,
  RecordId,
  RuleId,
  SessionId,
  TargetName,
} from '../../../contract/ids.ts';
import type { ActionRecord } from '../../../contract/record.ts';

/** For tests: the `n`-th of a series of believable records, in the order of their ids. */
export function aRecord(n: number, changes: Partial<ActionRecord> = {}): ActionRecord {
  return {
    id: RecordId.parse(`01890000-0000-7000-8000-${String(n).padStart(12, '0')}`),
    at: '2026-01-01T00:00:00.000Z',
    sessionId: SessionId.parse('session-1'),
    surface: 'postgres',
    principal: PrincipalId.parse('person:ana@shop.example'),
    principalName: 'Ana Ruiz',
    target: TargetName.parse('shop'),
    statement: `select * from orders where id = ${n} -- "quoted" \\ ü 🦑`,
    facts: null,
    decision: {
      outcome: 'allow',
      rules: [{ id: RuleId.parse('developers-read'), outcome: 'allow', owner: 'dba', because: 'they may' }],
      masks: [],
      asks: [],
      sentence: 'Allowed by rule developers-read of dba.',
      next: '',
      policyVersion: PolicyVersion.parse('00ff'),
    },
    outcome: null,
    ...changes,
  };
}
