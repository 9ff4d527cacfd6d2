import type { Findings } from './findings.ts';
import type { Names } from './names.ts';

/** What a walk over one statement carries along: how names resolve, and what was found so far. */
export type Walk = { names: Names; findings: Findings };
