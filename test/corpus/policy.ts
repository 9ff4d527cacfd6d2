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
  'public.coded.code',
  'public.unstirred.secret',
  'public.stamped.secret',
  'public.shaped.list',
  'public.shaped.tree',
  'public.leaves.secret',
  'public.unlike.secret',
  'public.even_or_grounded.secret',
  'public.ranks.pay',
];

/** Everything is allowed: what is attacked are the masks alone. */
export const CORPUS_POLICY = `
version: 1
tags:
${MASKED.map((column) => `  "*.${column}": [secret]`).join('\n')}
  "*.public.ranks.mail": [address]
reviewedFunctions:
  "*": [public.double, public.thrice, public.order_note, public.order_notes, public.stamp]
rules:
  - id: secrets-are-masked
    owner: data-protection@corpus.example
    who: everyone
    on: { tags: [secret] }
    then: { mask: { method: redact } }
    because: Secrets are nobody's business.
  - id: addresses-show-the-domain
    owner: data-protection@corpus.example
    who: everyone
    on: { tags: [address] }
    then: { mask: { method: partial, keep: domain } }
    because: The provider is no secret, and what it stands beside may be.
  - id: anything-goes
    owner: dba@corpus.example
    who: everyone
    on: everything
    doing: anything
    then: allow
    because: The masks alone are to be attacked.
`;
