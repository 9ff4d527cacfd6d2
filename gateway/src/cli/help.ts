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

  sluice records [--principal WHO] [--target NAME] [--session ID] [--surface postgres|editor|ssh] [--rule ID]
                 [--outcome done|refused|failed|cancelled|lost|running|masked|held] [--table NAME] [--column NAME]
                 [--from WHEN] [--to WHEN] [--text WORDS] [--limit N] [--json] [--gateway URL]
      What was done: yours, or everybody's for auditors, newest first; all filters must hold. WHEN is a date or how
      long ago ("2 hours"). WORDS of the statement stand anywhere in it, "two words" together, cust* is a beginning.

  sluice webhooks [--json] [--gateway URL]
      Messages about requests that webhooks did not take; for administrators and auditors.

  sluice audit verify [DIR] [--key KEY] [--witness PATH] [--json]
      Reads all of a gateway's log, in its data folder or in an export, and says whether anything in it was changed, left
      out, moved or cut off. --key: a key that you know to be right. --witness: checkpoints that were kept elsewhere.

  sluice audit prove RECORD [DIR] > FILE, sluice audit check FILE [--key KEY]
      Prints a proof that a record stands in the log, and checks one without the log.

  sluice audit export [DIR] --out FOLDER
      All leaves and checkpoints of a log as JSON Lines, which audit verify and audit prove take. DIR is a data folder;
      without it, the one that a gateway without configuration uses.

  sluice audit checkpoint | holds [--json] [--gateway URL]
      A signed checkpoint of a gateway's log as it is now; the legal holds that are in force.

  sluice audit hold NAME (--principal ID | --target NAME | --session ID) --reason TEXT [--gateway URL]
  sluice audit release NAME --reason TEXT [--gateway URL]
      Keeps what is of a person, a target or a session out of purges, until it is released. ID: a whole one, as
      \`sluice records --json\` shows it, or a person's e-mail address.

  sluice audit purge --before WHEN --reason TEXT [--gateway URL]
      Takes the contents of older records out of the log; their hashes stay. WHEN: as for records.

  sluice audit rotate-key --reason TEXT [--gateway URL]
      Signs the log with a new key from here on, which the old one vouches for.

  sluice policy check PATH
      Checks a policy file or folder without starting anything.

  sluice policy test PATH [--tests FILE]... [--json]
      Asks the policy what the expectations beside it say (NAME.test.yaml, docs/POLICY-CHANGES.md). Nothing runs. The exit code
      is 0 when all of them are met.

  sluice policy replay PATH [--dry-run] [--since WHEN] [--limit N] [--groups N] [--json] [--gateway URL]
  sluice policy replay PATH (--from RECORDS.jsonl | --data-dir DIR) [--base PATH] …
      Asks the policy what recorded actions were asked, and tells what would be decided otherwise: than by the policy in
      force, for administrators and auditors, or with --from and --data-dir than then, or than by the policy --base.
      --dry-run: as if its rules on trial were in force. --limit: a gateway asks the newest N (20000). Nothing runs.

  sluice policy who TARGET TABLE [COLUMN] [--doing select] [--json] [--gateway URL]
      Who may see a column, or do something with a table: by group and by name, with the rules that it comes from and
      the conditions that remain; for administrators and auditors.

  sluice policy what PERSON TARGET [--json] [--gateway URL]
      What somebody may do on a target, by rule and by table; for administrators and auditors.

  sluice policy history [--json] [--gateway URL]
      Policies that were in force, the newest first: when, by whom, which files, why.

  sluice policy show VERSION [--json] [--gateway URL]
      The files of one of them. A VERSION may be shortened to its beginning.

  sluice policy restore VERSION --policy PATH [--apply] [--gateway URL]
      Says which files at PATH, where the policy lives, would be written and removed so that it is that version again;
      --apply does it.

  sluice coverage [--target NAME] [--since WHEN] [--limit N] [--json] [--gateway URL]
  sluice coverage (--data-dir DIR | --from RECORDS.jsonl) [--json]
      What could not be looked into, by target: a figure and a list (docs/COVERAGE.md). --limit: the newest N (20000).

  sluice target prepare NAME --config FILE [--apply] [--revoke-public]
      Prints the SQL that makes the database of target NAME withhold masked columns from the gateway's role: role,
      grants and masking views (docs/TARGETS.md). --apply runs it, as the administrator of SLUICE_ADMIN_URL, and
      gives the role the password of SLUICE_ROLE_PASSWORD. --revoke-public takes functions that nobody has reviewed
      from PUBLIC, and gives them to the roles that there are.

  sluice target check NAME --config FILE [--json]
      What the gateway's role could still get at without the gateway. The exit code is 0 when nothing is open.

  sluice target describe NAME --config FILE
      The tables and columns of target NAME, as files of expectations have them (docs/POLICY-CHANGES.md).

  sluice --version, sluice --help

The gateway is --gateway, or SLUICE_GATEWAY, or http://127.0.0.1:4000. For a gateway with a certificate of its
own authority set NODE_EXTRA_CA_CERTS to that authority's PEM file.
`;
