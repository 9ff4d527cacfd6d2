import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shown } from '../../contract/request.fixture.ts';
import { RequestBook } from './request-book.ts';

test('in whatever order states of a request arrive, the newest is shown', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { minLength: 1 }), (revisions) => {
      const book = new RequestBook();
      for (const revision of revisions) book.put(shown({ revision }));
      assert.equal(book.shown.value[0]?.request.revision, Math.max(...revisions));
      assert.equal(book.shown.value.length, 1);
    }),
  );
});

test('of the same revision the last counts: what may be done with it can change by itself', () => {
  const book = new RequestBook();
  book.put(shown({}, ['approve']));
  book.put(shown({}, []));
  assert.deepEqual(book.shown.value[0]?.acts, []);
});

test('after a reconnect it says which open ones the gateway no longer lists', () => {
  const book = new RequestBook();
  book.put(shown({ id: 'a' }), shown({ id: 'b' }), shown({ id: 'c', status: 'denied' }));
  assert.deepEqual(book.opened([shown({ id: 'b', revision: 1 }), shown({ id: 'd' })]), ['a']);
  assert.deepEqual(book.shown.value.map(({ request }) => request.id).sort(), ['a', 'b', 'c', 'd']);
});

test('the history is bounded, the newest kept; open ones stay', () => {
  const book = new RequestBook();
  const id = (number: number) => `request-${String(number).padStart(4, '0')}`;
  book.put(shown({ id: id(0) }));
  for (let number = 1; number <= 300; number++) book.put(shown({ id: id(number), status: 'used' }));
  const ids = book.shown.value.map(({ request }) => request.id as string);
  assert.equal(ids.length, 201);
  assert.ok(ids.includes(id(0)) && ids.includes(id(300)) && !ids.includes(id(100)));
});

test('followers hear of each change', () => {
  const book = new RequestBook();
  let told = 0;
  book.shown.follow(() => told++);
  book.put(shown());
  book.drop(shown().request.id);
  book.clear();
  assert.equal(told, 3);
  assert.deepEqual(book.shown.value, []);
});
