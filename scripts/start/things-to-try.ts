import { SERVICE_ACCOUNT } from '../stack/gateway.ts';

export type Access = { gatewayUrl: string; postgresPort: number; serviceKey: string };

/** What a newcomer reads when the editor is there. */
export function editorGuide(address: string, access: Access): string {
  return `
  ${address}

  Five things to try:
    1. Sluice in the activity bar → Sign in. The page that opens has a developer, a DBA, an auditor and an
       administrator to choose from; take Ana, the developer.
    2. Open 1-look-around.sql and read, above each statement, what the policy will do to it.
    3. Run "select * from customers" (Ctrl+Enter) and point at a masked cell: it says which rule, whose, and why.
    4. Open 2-stopped.sql: what is blocked is told before you run it, and when you run it anyway.
    5. The same database in a terminal shows the same:
       ${psql(access)}

  Ctrl-C stops everything.
`;
}

/** What somebody reads who asked for no editor. */
export function terminalGuide(access: Access): string {
  return `
  Gateway API and sign-in   ${access.gatewayUrl}
  PostgreSQL clients        postgres://${SERVICE_ACCOUNT}:${access.serviceKey}@127.0.0.1:${access.postgresPort}/shop

  Five things to try:
    1. ${psql(access)}
    2. \\d customers            the catalogue, as always
    3. select * from customers limit 5;            personal columns come masked
    4. select max(card_number) from customers;     so do expressions over them
    5. delete from customers;                      is refused, and says by which rule and why

  Ctrl-C stops everything.
`;
}

function psql({ postgresPort, serviceKey }: Access): string {
  return `PGPASSWORD=${serviceKey} psql -h 127.0.0.1 -p ${postgresPort} -U ${SERVICE_ACCOUNT} shop`;
}
