export const HELP = `sluice: governed access to production databases

  sluice start [--config FILE] [--data DIR] [--policy PATH] [--target NAME=URL]... [--stop-with-stdin]
      Runs the gateway. Without a configuration: on loopback, with the built-in identity provider.
      Prints one JSON line with the addresses it listens on.

  sluice login [--gateway URL]
      Signs you in: shows an address to open in a browser, and keeps the sign-in on this machine.

  sluice logout [--gateway URL]
      Ends that sign-in and every session that hangs on it.

  sluice targets [--gateway URL]
      The targets that you may use, one a line, with their labels.

  sluice connect TARGET [--gateway URL] [--env | --json | --listen PORT]
      A connection string for TARGET with a credential that can be used for minutes. --env prints PGHOST and
      its like for a shell's eval, --json prints JSON, --listen opens a port on this machine that connects to
      TARGET for as long as the command runs (0 takes any free port). For a host it prints an ssh command, with a key
      and a certificate that can be used for minutes.

  sluice requests [--all] [--json] [--gateway URL]
      Requests for approval: yours, and those that you may decide on. What waits, or with --all the settled ones too.

  sluice approve ID [--max-rows N] [--for "30 minutes"] [--reason TEXT] [--gateway URL]
      Shows the request and agrees to exactly that, once. --max-rows: with more rows than these nothing is changed.
      --for: it and its like, with other constants, for so long. An ID may be shortened to its beginning or end.

  sluice deny ID --reason TEXT [--gateway URL]
      Says no; the requester reads why.

  sluice withdraw ID [--gateway URL]
      Takes a request of yours back.

  sluice break-glass ID --reason TEXT [--gateway URL]
      Runs a request of yours at once where a rule lets you. It is reviewed afterwards.

  sluice review ID [--reason TEXT] [--gateway URL]
      Notes that you have looked at what somebody ran without approval.

  sluice sessions [--json] [--gateway URL]
      Sessions that are open: yours, or everybody's for administrators and auditors.

  sluice sessions end|lock|unlock ID --reason TEXT [--gateway URL]
      Ends a session; its person reads by whom and why. Locked, it takes nothing more until it is unlocked, and what
      runs goes on without keys. An ID may be shortened to its beginning or end.

  sluice watch ID [--terminal N] [--from-now] [--gateway URL]
      Plays a terminal of a session here as it is used, until ctrl-C. Its person is told who watches.

  sluice recording ID [--terminal N] [--gateway URL] > FILE.cast
      Prints a terminal's recording, also of a session that has ended, for players of asciicast v2.

  sluice webhooks [--json] [--gateway URL]
      Messages about requests that webhooks did not take; for administrators and auditors.

  sluice policy check PATH
      Checks a policy file or folder without starting anything.

  sluice target prepare NAME --config FILE [--apply] [--revoke-public]
      Prints the SQL that makes the database of target NAME withhold masked columns from the gateway's role: role,
      grants and masking views (docs/TARGETS.md). --apply runs it, as the administrator of SLUICE_ADMIN_URL, and
      gives the role the password of SLUICE_ROLE_PASSWORD. --revoke-public takes functions that nobody has reviewed
      from PUBLIC, and gives them to the roles that there are.

  sluice target check NAME --config FILE [--json]
      What the gateway's role could still get at without the gateway. The exit code is 0 when nothing is open.

  sluice --version, sluice --help

The gateway is --gateway, or SLUICE_GATEWAY, or http://127.0.0.1:4000. For a gateway with a certificate of its
own authority set NODE_EXTRA_CA_CERTS to that authority's PEM file.
`;
