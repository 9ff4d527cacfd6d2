import assert from 'node:assert/strict';
import { BlockList, isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { isWithin, parseAddress, parseNetwork } from './address.ts';

test('what node calls an address is one, and nothing else', () => {
  const almost = fc.stringMatching(/^[0-9a-f:.]{0,20}$/);
  const address = fc.oneof(fc.ipV4(), fc.ipV6(), almost);
  fc.assert(
    fc.property(address, (text) => assert.equal(parseAddress(text) !== null, isIP(text) !== 0)),
    { numRuns: 2000 },
  );
});

test('an address is within a network when node says so', () => {
  const family = fc.constantFrom('ipv4' as const, 'ipv6' as const);
  const address = (of: 'ipv4' | 'ipv6') => (of === 'ipv4' ? fc.ipV4() : fc.ipV6());
  const question = fc
    .tuple(family, family)
    .chain(([one, other]) => fc.tuple(address(one), address(other), fc.nat(32), fc.constant(one)));
  fc.assert(
    fc.property(question, ([base, asked, prefixBits, family]) => {
      const parsed = parseNetwork(base);
      const address = parseAddress(asked);
      assert.ok(parsed && address);
      const list = new BlockList();
      list.addSubnet(base, prefixBits, family);
      // node looks for an IPv4 address in an IPv6 network too; here the two have nothing in common.
      const expected =
        address.bits === parsed.address.bits && list.check(asked, asked.includes(':') ? 'ipv6' : 'ipv4');
      assert.equal(isWithin(address, { ...parsed, prefixBits }), expected);
    }),
    { numRuns: 2000 },
  );
});

test('every address is within its own networks', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.nat(32), (text, prefixBits) => {
      const address = parseAddress(text);
      assert.ok(address);
      assert.ok(isWithin(address, { address, prefixBits }));
    }),
  );
});

test('a network has no bits set behind its prefix', () => {
  for (const good of [
    '10.0.0.0/8',
    '10.0.0.1',
    '0.0.0.0/0',
    '::/0',
    '2001:db8::/32',
    '::1',
    '::1/128',
    '192.0.2.1/32',
  ]) {
    assert.ok(parseNetwork(good), good);
  }
  const bad = [
    '10.0.0.1/8',
    '2001:db8::1/32',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/08',
  ];
  const worse = [
    '',
    '*',
    '10.*',
    '!10.0.0.1',
    ' 10.0.0.1',
    '10.0.0.0/-1',
    '010.0.0.1',
    '1.2.3',
    '::1%lo',
    '1::2::3',
  ];
  for (const one of [...bad, ...worse]) assert.equal(parseNetwork(one), null, one);
});

test('an IPv4 address that is mapped into IPv6 is the IPv4 one', () => {
  assert.deepEqual(parseAddress('::ffff:10.0.0.1'), parseAddress('10.0.0.1'));
  assert.deepEqual(parseAddress('::ffff:a00:1'), parseAddress('10.0.0.1'));
  assert.notDeepEqual(parseAddress('::10.0.0.1'), parseAddress('10.0.0.1'));
});
