import type { DetectReason } from '../../../../../gateway/contract/verdict.ts';

/** The rules by which something in this text was replaced, as far as its marks tell. */
export function replacedIn(text: string, detectors: readonly DetectReason[]): DetectReason[] {
  return detectors.filter(({ marks }) => marks.some((mark) => text.includes(mark)));
}

const WORDS: Readonly<Record<string, string>> = {
  cards: 'card numbers',
  emails: 'e-mail addresses',
  phones: 'phone numbers',
  ibans: 'account numbers (IBAN)',
  nationalIds: 'national ids',
  secrets: 'keys and tokens',
  highEntropy: 'random-looking texts',
};

/** "card numbers, e-mail addresses, order-ref" */
export function detectorWords({ detect }: DetectReason): string {
  return detect.map((name) => WORDS[name] ?? name).join(', ');
}
