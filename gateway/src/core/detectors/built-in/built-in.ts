import type { Detector, DetectorName } from '../detector.ts';
import { cards } from './cards.ts';
import { emails } from './emails.ts';
import { highEntropy } from './high-entropy.ts';
import { ibans } from './ibans.ts';
import { nationalIds } from './national-ids.ts';
import { phones } from './phones.ts';
import { secrets } from './secrets.ts';

/** The detectors that a name in the policy stands for. */
export const BUILT_IN: Readonly<Record<DetectorName, readonly Detector[]>> = {
  cards: [cards],
  emails: [emails],
  phones,
  ibans: [ibans],
  nationalIds,
  secrets,
  highEntropy: [highEntropy],
};
