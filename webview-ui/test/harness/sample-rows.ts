import type { ResultColumn } from '../../../gateway/contract/query-channel.ts';
import { lookingForCards, maskedBy } from './scenarios.ts';

const FIRST = ['Ana', 'Björn', 'Chidi', 'Dalia', 'Emre', 'Fátima', 'Goran', 'Hana', 'Ines', 'Jun'];
const LAST = ['Ruiz', 'Okafor', 'Lindqvist', 'Haddad', 'Yıldız', 'Silva', 'Novak', 'Sato', 'Moreau', 'Park'];
const CITIES = ['Lisboa', 'Göteborg', 'Lagos', 'İzmir', 'Zagreb', '東京', 'Lyon', 'Porto Alegre'];

export const CUSTOMER_COLUMNS: ResultColumn[] = [
  column('id', 23, 'int4'),
  column('name', 25, 'text'),
  { ...column('email', 25, 'text'), masked: maskedBy('email', { method: 'partial', keep: 'domain' }) },
  { ...column('national_id', 25, 'text'), masked: maskedBy('national_id', { method: 'token' }) },
  {
    ...column('card_number', 1043, 'varchar'),
    masked: maskedBy('card_number', { method: 'partial', keep: 'last4' }),
  },
  column('city', 25, 'text'),
  column('balance', 1700, 'numeric(12,2)'),
  column('active', 16, 'bool'),
  column('created_at', 1184, 'timestamptz'),
  { ...column('notes', 3802, 'jsonb'), detectors: [lookingForCards()] },
];

/** Row `row` of a believable customers table, the masked columns masked already. */
export function customerValue(row: number, at: number): string | null {
  switch (at) {
    case 0:
      return String(row + 1);
    case 1:
      return `${FIRST[row % 10]} ${LAST[Math.floor(row / 10) % 10]}`;
    case 2:
      return `*****@${row % 3 === 0 ? 'example.com' : 'mail.example'}`;
    case 3:
      return `tok_${((row * 2_654_435_761) >>> 0).toString(16).padStart(8, '0')}`;
    case 4:
      return `************${String((row * 7919) % 10_000).padStart(4, '0')}`;
    case 5:
      return row % 11 === 4 ? null : (CITIES[row % CITIES.length] ?? '');
    case 6:
      return `${(row * 37) % 9000}.${String(row % 100).padStart(2, '0')}`;
    case 7:
      return row % 4 === 1 ? 'f' : 't';
    case 8:
      return `2026-0${1 + (row % 9)}-1${row % 10} 0${row % 10}:24:11.${String(row % 1000).padStart(3, '0')}+00`;
    default:
      if (row === 6) return '{"paid": "[card]"}';
      return row % 5 === 3
        ? ''
        : `{"tier": ${row % 4}, "tags": ["web", "returning"], "lifetime": 12345678901234567890.55}`;
  }
}

export const TYPE_COLUMNS: ResultColumn[] = [
  column('what', 25, 'text'),
  column('bigint', 20, 'int8'),
  column('numeric', 1700, 'numeric'),
  column('double', 701, 'float8'),
  column('flag', 16, 'bool'),
  column('text', 25, 'text'),
  column('json', 3802, 'jsonb'),
  column('bytes', 17, 'bytea'),
  column('array', 1007, 'int4[]'),
  column('texts', 1009, 'text[]'),
  column('moment', 1184, 'timestamptz'),
  column('span', 1186, 'interval'),
  column('uuid', 2950, 'uuid'),
  { ...column('ssn', 25, 'text'), masked: maskedBy('ssn', { method: 'null' }) },
];

const LONG_TEXT = `${'It was a dark and stormy night; the rain fell in torrents. '.repeat(40)}\nThe end.`;

export const TYPE_ROWS: (string | null)[][] = [
  [
    'ordinary',
    '42',
    '19.90',
    '0.1',
    't',
    'hello',
    '{"a": 1, "b": [true, null]}',
    '\\xdeadbeef00112233445566778899aabbccddeeff',
    '{1,2,3}',
    '{a,"b c",NULL}',
    '2026-03-02 10:03:22.123456+01',
    '1 day 02:03:04',
    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
    null,
  ],
  [
    'extreme',
    '9223372036854775807',
    '123456789012345678901234567890.123456789012345678901234567890',
    '1e+308',
    'f',
    LONG_TEXT,
    '{"n": 12345678901234567890.123}',
    '\\x',
    '{{1,2},{3,4}}',
    '{}',
    'infinity',
    '-10 years',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    null,
  ],
  ['nothing', null, null, null, null, null, null, null, null, null, null, null, null, null],
  [
    'empty',
    '0',
    'NaN',
    'Infinity',
    't',
    '',
    '""',
    '\\x',
    '{}',
    '{""}',
    '-infinity',
    '00:00:00',
    '00000000-0000-0000-0000-000000000000',
    null,
  ],
  [
    'lines',
    '-1',
    '-0.000000000000000000001',
    '-0',
    'f',
    'line one\nline two\tand a tab',
    '"text"',
    '\\x0a',
    '{-1}',
    '{"a\\"b","c\\\\d"}',
    '0044-03-15 12:00:00+00 BC',
    '3 mons',
    '123e4567-e89b-12d3-a456-426614174000',
    null,
  ],
  [
    'markup',
    '1',
    '1',
    '1',
    't',
    '<img src=x onerror=alert(1)> | **bold**',
    '{"<b>": "</script>"}',
    '\\x3c',
    '{1}',
    '{"<i>"}',
    '2026-12-31 23:59:59+00',
    '00:00:01',
    '123e4567-e89b-12d3-a456-426614174001',
    null,
  ],
];

function column(name: string, typeOid: number, typeName: string): ResultColumn {
  return { name, typeOid, typeName, masked: null };
}
