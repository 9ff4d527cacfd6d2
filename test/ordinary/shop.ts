export type ServerVersion = 15 | 18;

/** What the shop's database has besides, so that a developer can work in it. */
export const PREPARE_SHOP = `
  GRANT CREATE, USAGE ON SCHEMA public TO sluice_gateway;
  GRANT DELETE, TRUNCATE, REFERENCES, TRIGGER ON ALL TABLES IN SCHEMA public TO sluice_gateway;
`;

export const CUSTOMERS = 200;

/** Tools that speak to servers of their own age at most. */
const OLD_TOOLS: ReadonlySet<string> = new Set(['psql', 'pgdump', 'django', 'activerecord', 'pgcli']);

export function serverVersionOf(tool: string): ServerVersion {
  return OLD_TOOLS.has(tool) ? 15 : 18;
}

/** Columns that are masked for the developer: those of the shop that hold personal data. */
export const MASKED: readonly string[] = [
  'customers.email',
  'customers.national_id',
  'customers.card_number',
  'customers.phone',
  'customers.birth_date',
  'customer_directory.email',
  'customer_directory.phone',
  'rich_orders.email',
  'orders.ship_to',
  'orders.ip_address',
  'payments.card_number',
  'employees.email',
  'employees.salary',
];

/** A developer's policy: everything may be done, the shop's personal data comes masked. */
export const POLICY = `version: 1
tags:
  "*.public.customers.email": [email]
  "*.public.customer_directory.email": [email]
  "*.public.rich_orders.email": [email]
  "*.public.employees.email": [email]
  "*.public.customers.card_number": [card]
  "*.public.payments*.card_number": [card]
  "*.public.customers.national_id": [hidden]
  "*.public.customers.phone": [hidden]
  "*.public.customer_directory.phone": [hidden]
  "*.public.customers.birth_date": [hidden]
  "*.public.orders.ship_to": [hidden]
  "*.public.orders.ip_address": [hidden]
  "*.public.employees.salary": [salary]
reviewedFunctions:
  "*": [public.order_total, public.touch_updated_at]
rules:
  - id: developers
    owner: dba@shop.example
    who: { groups: [developers] }
    on: everything
    doing: anything
    then: allow
    because: It is the developers' own copy.
  - id: emails
    owner: data-protection@shop.example
    who: everyone
    on: { tags: [email] }
    then: { mask: { method: partial, keep: domain }, lookup: exact }
    because: Support needs the provider and finds people by their address, nobody needs to read it.
  - id: cards
    owner: data-protection@shop.example
    who: everyone
    on: { tags: [card] }
    then: { mask: { method: partial, keep: last4 } }
    because: Card numbers stay out of sight.
  - id: hidden
    owner: data-protection@shop.example
    who: everyone
    on: { tags: [hidden] }
    then: { mask: { method: redact } }
    because: Personal data helps nobody to mend an order.
  - id: salaries
    owner: people@shop.example
    who: everyone
    on: { tags: [salary] }
    then: { mask: { method: null } }
    because: What somebody earns is between them and the people team.
`;
