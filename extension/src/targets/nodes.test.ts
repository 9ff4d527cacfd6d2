import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CatalogueView } from '../../../gateway/contract/catalogue.ts';
import { Target } from '../../../gateway/contract/target.ts';
import { childNodes, fileNodes, rootNode, schemaNodes, type TargetNode, targetNode } from './nodes.ts';

const column = (name: string) => ({ name, type: 'text', nullable: true, primaryKey: false, masked: null });
const relation = (name: string, kind: string) => ({ name, kind, columns: [column('id'), column('a/b')] });
const target = Target.parse({ name: 'shop', kind: 'postgres', labels: {} });
const catalogue = CatalogueView.parse({
  version: '1',
  schemas: [
    {
      name: 'public',
      relations: [
        relation('t', 'table'),
        relation('p', 'partitionedTable'),
        relation('v', 'materializedView'),
      ],
      functions: [
        { name: 'f', arguments: 'a integer', returns: 'text' },
        { name: 'f', arguments: 'a text', returns: 'text' },
      ],
    },
  ],
});

function all(nodes: TargetNode[]): TargetNode[] {
  return nodes.flatMap((node) => [node, ...all(childNodes(node))]);
}

test('schemas hold tables, views and functions; empty groups are left out', () => {
  const nodes = all(schemaNodes(target, catalogue));
  const groups = nodes.flatMap((node) => (node.kind === 'group' ? [`${node.group} ${node.count}`] : []));
  assert.deepEqual(groups, ['tables 2', 'views 1', 'functions 2']);
  assert.equal(nodes.filter((node) => node.kind === 'column').length, 6);
});

test('ids are unique and the same each time', () => {
  const ids = [targetNode(target), ...all(schemaNodes(target, catalogue))].map((node) => node.id);
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(
    ids.slice(1),
    all(schemaNodes(target, structuredClone(catalogue))).map((node) => node.id),
  );
});

test('a host is browsed from folders; files below have ids and places of their own', () => {
  const host = Target.parse({ name: 'web', kind: 'ssh', labels: {}, accounts: ['deploy'] });
  assert.equal(targetNode(host).kind, 'host');
  const root = rootNode(host, { target: host.name, account: undefined, path: '/var' });
  assert.ok(root.kind === 'folder');
  const entry = { bytes: 1, changedAtMs: 0 };
  const nodes = fileNodes(root, [
    { name: 'log', kind: 'folder', ...entry },
    { name: 'a b', kind: 'file', ...entry },
  ]);
  assert.deepEqual(
    nodes.map((node) => ('place' in node ? `${node.kind} ${node.place.path}` : '')),
    ['folder /var/log', 'file /var/a b'],
  );
  assert.equal(new Set([root, ...nodes].map(({ id }) => id)).size, 3);
});
