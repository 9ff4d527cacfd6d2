import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStrict } from '../../../shell/strict/read-strict.ts';
import { hostFactsOf } from './uses.ts';

/** Lines as scp, rsync 3.5 and git send them, and what they do besides running the program. */
for (const [line, ...uses] of [
  ['scp -f /srv/a', 'readFile /srv/a'],
  ['scp -r -p -f "/srv/a b"', 'readFile /srv/a b tree'],
  ['scp -f -- -x', 'readFile /home/ana/-x'],
  ['scp -v -t /tmp/', 'writeFile /tmp contents'],
  ['scp -d -t /tmp', 'writeFile /tmp contents'],
  ['scp -t /tmp/x', 'writeFile /tmp/x tree'],
  ['/usr/bin/scp -t /tmp/x', 'writeFile /tmp/x tree'],
  ['rsync --server --sender -logDtpre.iLsfxCIvu . /srv/a\\ b/', 'option rsync', 'readFile /srv/a b contents'],
  ['rsync --server --sender -e.LsfxCIvu . a', 'option rsync', 'readFile /home/ana/a'],
  [
    'rsync --server -vlogDtprze.iLsfxCIvu --delete . /tmp/it',
    'option rsync',
    'writeFile /tmp/it tree',
    'changeFile /tmp/it tree',
  ],
  [
    'rsync --server -tre.iLsfxCIvu --log-format=X --bwlimit=10 --partial --numeric-ids . tmp/x/',
    'option rsync',
    'writeFile /home/ana/tmp/x contents',
  ],
  ["git-upload-pack '/srv/a b.git'", 'readFile /srv/a b.git tree'],
  ["git-upload-pack '~/it'", 'readFile /home/ana/it tree', 'readFile /home/ana/it.git tree'],
  ["git-upload-archive '/srv/x.git'", 'interpreter git-upload-archive', 'readFile /srv/x.git tree'],
  [
    "git-receive-pack '/srv/x.git'",
    'interpreter git-receive-pack',
    'readFile /srv/x.git tree',
    'writeFile /srv/x.git tree',
  ],
  // With other options it is a program like any other, which could reach anywhere.
  ['scp -f -oProxyCommand=x /srv/a', 'remote scp'],
  ['scp -S x -f /srv/a', 'remote scp'],
  ['scp -f -t /srv/a', 'remote scp'],
  ['scp /etc/passwd elsewhere:', 'remote scp'],
  ['scp -f a -r', 'remote scp'],
  ['rsync -a /etc/ /tmp/x/', 'option rsync'],
] satisfies [string, ...string[]][]) {
  test(line, () => {
    const reading = readStrict(line);
    if (reading.outcome !== 'complete') assert.fail(JSON.stringify(reading));
    const facts = hostFactsOf(reading.facts, 'ana', '/home/ana');
    const [first, ...others] = facts.uses.map((use) => {
      if ('program' in use) return `${use.kind} ${use.program.program}`;
      return 'path' in use ? [use.kind, use.path, use.extent].filter(Boolean).join(' ') : use.kind;
    });
    assert.match(first ?? '', /^run /);
    assert.deepEqual(others, uses);
    assert.deepEqual(facts.unknowns, []);
  });
}

test('where a path or an option is not known, nothing is opened', () => {
  for (const line of [
    "git-upload-pack '~root/x'",
    'cd /srv; scp -f a',
    'rsync --server --sender -Llogr . /srv',
    'rsync --server --sender -slogDtpre.iLsfxCIvu',
    'rsync --server -re.iLsfxCIvu --log-file=/etc/x . /srv',
    'rsync --server -re.iLsfxCIvu --rsync-path=x . /srv',
    // rsync takes options behind operands, too.
    'rsync --server . --daemon --config=/srv/open/d.conf',
    'rsync --server --sender -l . /srv/open --log-file=/srv/hidden/x',
    'rsync --server --sender -l . /srv/open --files-from=/etc/passwd',
    'chdir /x && scp -f y',
    'git-upload-pack --exec=x /srv',
  ]) {
    const reading = readStrict(line);
    if (reading.outcome !== 'complete') assert.fail(JSON.stringify(reading));
    assert.equal(hostFactsOf(reading.facts, 'ana', '/home/ana').unknowns.length > 0, true, line);
  }
});
