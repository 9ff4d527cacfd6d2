/** `schema.relation.column` of everything that is masked in the corpus. */
export const MASKED = [
  ...[
    'email',
    'ssn',
    'card',
    'score',
    'balance',
    'birth',
    'token',
    'home',
    'feeling',
    'aliases',
    'notes',
    'doc',
    'photo',
  ].map((column) => `public.customers.${column}`),
  'public.people.pin',
  'public.staff.salary',
  'public.events.payload',
  'public.buckets.grp',
  'public.pay.salary',
  'public.ratio.salary',
  'public.letters.body',
  'public.clients.secret',
  'public.grand.secret',
  'public.journal.customer',
  'public.shelves.size',
  'public.far_customers.ssn',
  'public.far_customers.score',
];

/** Everything is allowed: what is attacked are the masks alone. */
export const CORPUS_POLICY = `
version: 1
tags:
${MASKED.map((column) => `  "*.${column}": [secret]`).join('\n')}
reviewedFunctions:
  "*": [public.double, public.thrice, public.order_note, public.order_notes]
rules:
  - id: secrets-are-masked
    owner: data-protection@corpus.example
    who: everyone
    on: { tags: [secret] }
    then: { mask: { method: redact } }
    because: Secrets are nobody's business.
  - id: anything-goes
    owner: dba@corpus.example
    who: everyone
    on: everything
    doing: anything
    then: allow
    because: The masks alone are to be attacked.
`;
