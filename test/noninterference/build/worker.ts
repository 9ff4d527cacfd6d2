import './redirect.ts';

await import('../../../gateway/src/sql/postgres/worker.ts');
