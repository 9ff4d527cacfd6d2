import type { Attack } from '../attack.ts';
import { aside, oneByOne, otherBlanks, takenForSure } from './apart.ts';
import { plannedBetween, replacedBelow, takenBack } from './between.ts';
import { calledByItself, calledForKeysAndOrder, typesWithin } from './called-by-itself.ts';
import { castsAndErrors } from './casts-and-errors.ts';
import { catalogueTables } from './catalogue-tables.ts';
import { channels } from './channels.ts';
import { computed, computedAnew } from './computed.ts';
import { computedBehind, partedBelow } from './computed-behind.ts';
import { consequences } from './consequences.ts';
import { estimatesOfLists, filledByTrigger, tooLarge } from './copied.ts';
import { copy } from './copy.ts';
import { cursors } from './cursors.ts';
import { dblink } from './dblink.ts';
import { definitions } from './definitions.ts';
import { drift } from './drift.ts';
import { explain } from './explain.ts';
import { expressions } from './expressions.ts';
import { fresh } from './fresh.ts';
import { functions } from './functions.ts';
import { gucs } from './gucs.ts';
import { inference } from './inference.ts';
import { inheritance } from './inheritance.ts';
import { json } from './json.ts';
import { largeObjects } from './large-objects.ts';
import { lifted } from './lifted.ts';
import {
  alikeRows,
  apart,
  askedAgain,
  movedRows,
  searches,
  unfilledIndexes,
  unmetChecks,
} from './moved-rows.ts';
import { namesInReach } from './names-in-reach.ts';
import { notation } from './notation.ts';
import { plain } from './plain.ts';
import { queries } from './queries.ts';
import { reshaped } from './reshaped.ts';
import { childrenWithChecks, firstToFail, generatedUnlike, numberedByDefault } from './row-by-row.ts';
import { rules } from './rules.ts';
import { searchPath } from './search-path.ts';
import { startUp } from './start-up.ts';
import { statistics } from './statistics.ts';
import { tempTables } from './temp-tables.ts';
import { toast } from './toast.ts';
import { triggers } from './triggers.ts';
import { tablesOfTypes, unnamedKeys } from './unnamed-keys.ts';
import { unseen } from './unseen.ts';
import { views } from './views.ts';
import { wholeRow } from './whole-row.ts';
import { writes } from './writes.ts';
import { xml } from './xml.ts';

export const ATTACKS: readonly Attack[] = [
  ...calledByItself,
  ...calledForKeysAndOrder,
  ...castsAndErrors,
  ...catalogueTables,
  ...channels,
  ...computed,
  ...computedAnew,
  ...computedBehind,
  ...partedBelow,
  ...consequences,
  ...copy,
  ...cursors,
  ...dblink,
  ...definitions,
  ...drift,
  ...explain,
  ...expressions,
  ...functions,
  ...gucs,
  ...inference,
  ...inheritance,
  ...json,
  ...largeObjects,
  ...lifted,
  ...alikeRows,
  ...movedRows,
  ...unmetChecks,
  ...apart,
  ...askedAgain,
  ...searches,
  ...unfilledIndexes,
  ...notation,
  ...plain,
  ...queries,
  ...reshaped,
  ...rules,
  ...searchPath,
  ...startUp,
  ...statistics,
  ...tempTables,
  ...toast,
  ...triggers,
  ...tablesOfTypes,
  ...typesWithin,
  ...unnamedKeys,
  ...unseen,
  ...views,
  ...wholeRow,
  ...writes,
  ...xml,
  ...fresh,
  ...namesInReach,
  ...otherBlanks,
  ...oneByOne,
  ...aside,
  ...takenForSure,
  ...plannedBetween,
  ...takenBack,
  ...replacedBelow,
  ...numberedByDefault,
  ...firstToFail,
  ...childrenWithChecks,
  ...generatedUnlike,
  ...filledByTrigger,
  ...estimatesOfLists,
  ...tooLarge,
];
