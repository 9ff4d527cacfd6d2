import { frame, untypedFrame } from '../bytes/frame-builder.ts';
import type { BackendMessage, FrontendMessage } from '../index.ts';
import type { AuthenticationReply } from '../messages/frontend/authentication-reply.ts';
import type { StartUpPacket } from '../messages/frontend/start-up.ts';

/** A message, and its bytes written down as the manual's "Message Formats" lists them. */
export type Sample<Message> = { bytes: Buffer; message: Message };

const key32 = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const error = {
  severity: 'FEHLER',
  severityNonLocalized: 'ERROR',
  code: '23505',
  message: 'doppelter Schlüssel',
  detail: 'Key (id)=(1) already exists.',
  schemaName: 'public',
  tableName: 'customers',
  constraintName: 'customers_pkey',
  file: 'nbtinsert.c',
  line: '666',
  routine: '_bt_check_unique',
};
const errorBody = (type: string) =>
  frame(type)
    .text('S')
    .cstring('FEHLER')
    .text('V')
    .cstring('ERROR')
    .text('C')
    .cstring('23505')
    .text('M')
    .cstring('doppelter Schlüssel')
    .text('D')
    .cstring('Key (id)=(1) already exists.')
    .text('s')
    .cstring('public')
    .text('t')
    .cstring('customers')
    .text('n')
    .cstring('customers_pkey')
    .text('F')
    .cstring('nbtinsert.c')
    .text('L')
    .cstring('666')
    .text('R')
    .cstring('_bt_check_unique')
    .uint8(0)
    .end();

export const BACKEND_SAMPLES: readonly Sample<BackendMessage>[] = [
  { bytes: frame('R').int32(0).end(), message: { type: 'authenticationOk' } },
  { bytes: frame('R').int32(2).end(), message: { type: 'authenticationKerberosV5' } },
  { bytes: frame('R').int32(3).end(), message: { type: 'authenticationCleartextPassword' } },
  {
    bytes: frame('R').int32(5).bytes(Buffer.from('salt')).end(),
    message: { type: 'authenticationMd5Password', salt: Buffer.from('salt') },
  },
  { bytes: frame('R').int32(7).end(), message: { type: 'authenticationGss' } },
  {
    bytes: frame('R').int32(8).bytes(Buffer.from('token')).end(),
    message: { type: 'authenticationGssContinue', data: Buffer.from('token') },
  },
  { bytes: frame('R').int32(9).end(), message: { type: 'authenticationSspi' } },
  {
    bytes: frame('R').int32(10).cstring('SCRAM-SHA-256-PLUS').cstring('SCRAM-SHA-256').uint8(0).end(),
    message: { type: 'authenticationSasl', mechanisms: ['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256'] },
  },
  {
    bytes: frame('R').int32(11).text('r=abc,s=AA==,i=1').end(),
    message: { type: 'authenticationSaslContinue', data: Buffer.from('r=abc,s=AA==,i=1') },
  },
  {
    bytes: frame('R').int32(12).text('v=AA==').end(),
    message: { type: 'authenticationSaslFinal', data: Buffer.from('v=AA==') },
  },
  {
    bytes: frame('K').int32(4711).int32(0x01020304).end(),
    message: { type: 'backendKeyData', processId: 4711, secretKey: Buffer.from([1, 2, 3, 4]) },
  },
  {
    bytes: frame('K').int32(4711).bytes(key32).end(),
    message: { type: 'backendKeyData', processId: 4711, secretKey: key32 },
  },
  { bytes: Buffer.from('1\0\0\0\x04', 'latin1'), message: { type: 'parseComplete' } },
  { bytes: Buffer.from('2\0\0\0\x04', 'latin1'), message: { type: 'bindComplete' } },
  { bytes: Buffer.from('3\0\0\0\x04', 'latin1'), message: { type: 'closeComplete' } },
  { bytes: Buffer.from('I\0\0\0\x04', 'latin1'), message: { type: 'emptyQueryResponse' } },
  { bytes: Buffer.from('n\0\0\0\x04', 'latin1'), message: { type: 'noData' } },
  { bytes: Buffer.from('s\0\0\0\x04', 'latin1'), message: { type: 'portalSuspended' } },
  { bytes: Buffer.from('c\0\0\0\x04', 'latin1'), message: { type: 'copyDone' } },
  { bytes: frame('C').cstring('SELECT 42').end(), message: { type: 'commandComplete', tag: 'SELECT 42' } },
  { bytes: frame('d').text('1\tAna\n').end(), message: { type: 'copyData', data: Buffer.from('1\tAna\n') } },
  {
    bytes: frame('G').uint8(0).int16(2).int16(0).int16(0).end(),
    message: { type: 'copyInResponse', format: 'text', columnFormats: [0, 0] },
  },
  {
    bytes: frame('H').uint8(1).int16(1).int16(1).end(),
    message: { type: 'copyOutResponse', format: 'binary', columnFormats: [1] },
  },
  {
    bytes: frame('W').uint8(0).int16(0).end(),
    message: { type: 'copyBothResponse', format: 'text', columnFormats: [] },
  },
  {
    bytes: frame('D').int16(3).int32(3).text('Ana').int32(-1).int32(0).end(),
    message: { type: 'dataRow', cells: [Buffer.from('Ana'), null, Buffer.alloc(0)] },
  },
  { bytes: frame('D').int16(0).end(), message: { type: 'dataRow', cells: [] } },
  { bytes: errorBody('E'), message: { type: 'errorResponse', fields: error } },
  { bytes: errorBody('N'), message: { type: 'noticeResponse', fields: error } },
  {
    bytes: frame('V').int32(2).int16(7).end(),
    message: { type: 'functionCallResponse', result: Buffer.from([0, 7]) },
  },
  { bytes: frame('V').int32(-1).end(), message: { type: 'functionCallResponse', result: null } },
  {
    bytes: frame('v').int32(196610).int32(1).cstring('_pq_.compression').end(),
    message: {
      type: 'negotiateProtocolVersion',
      newest: { major: 3, minor: 2 },
      unrecognizedOptions: ['_pq_.compression'],
    },
  },
  {
    bytes: frame('A').int32(99).cstring('orders').cstring('new: 5').end(),
    message: { type: 'notificationResponse', processId: 99, channel: 'orders', payload: 'new: 5' },
  },
  {
    bytes: frame('t').int16(2).int32(23).int32(4294967295).end(),
    message: { type: 'parameterDescription', typeOids: [23, 4294967295] },
  },
  {
    bytes: frame('S').cstring('client_encoding').cstring('UTF8').end(),
    message: { type: 'parameterStatus', name: 'client_encoding', value: 'UTF8' },
  },
  { bytes: frame('Z').text('I').end(), message: { type: 'readyForQuery', status: 'idle' } },
  { bytes: frame('Z').text('T').end(), message: { type: 'readyForQuery', status: 'inTransaction' } },
  { bytes: frame('Z').text('E').end(), message: { type: 'readyForQuery', status: 'failed' } },
  {
    bytes: frame('T')
      .int16(1)
      .cstring('Straße')
      .int32(16384)
      .int16(2)
      .int32(25)
      .int16(-1)
      .int32(-1)
      .int16(0)
      .end(),
    message: {
      type: 'rowDescription',
      fields: [
        {
          name: 'Straße',
          tableOid: 16384,
          columnAttribute: 2,
          typeOid: 25,
          typeLength: -1,
          typeModifier: -1,
          format: 0,
        },
      ],
    },
  },
];

export type FrontendSample = Sample<FrontendMessage> & { reply?: AuthenticationReply['type'] };

export const FRONTEND_SAMPLES: readonly FrontendSample[] = [
  { bytes: frame('Q').cstring('select 1').end(), message: { type: 'query', query: 'select 1' } },
  { bytes: frame('Q').cstring('').end(), message: { type: 'query', query: '' } },
  {
    bytes: frame('P').cstring('s1').cstring('select $1').int16(1).int32(23).end(),
    message: { type: 'parse', statement: 's1', query: 'select $1', parameterTypes: [23] },
  },
  {
    bytes: frame('B')
      .cstring('p1')
      .cstring('s1')
      .int16(1)
      .int16(1)
      .int16(2)
      .int32(4)
      .int32(5)
      .int32(-1)
      .int16(1)
      .int16(0)
      .end(),
    message: {
      type: 'bind',
      portal: 'p1',
      statement: 's1',
      parameterFormats: [1],
      parameters: [Buffer.from([0, 0, 0, 5]), null],
      resultFormats: [0],
    },
  },
  {
    bytes: frame('D').text('S').cstring('s1').end(),
    message: { type: 'describe', object: 'statement', name: 's1' },
  },
  {
    bytes: frame('D').text('P').cstring('').end(),
    message: { type: 'describe', object: 'portal', name: '' },
  },
  {
    bytes: frame('E').cstring('p1').int32(100).end(),
    message: { type: 'execute', portal: 'p1', maxRows: 100 },
  },
  {
    bytes: frame('C').text('P').cstring('p1').end(),
    message: { type: 'close', object: 'portal', name: 'p1' },
  },
  { bytes: Buffer.from('H\0\0\0\x04', 'latin1'), message: { type: 'flush' } },
  { bytes: Buffer.from('S\0\0\0\x04', 'latin1'), message: { type: 'sync' } },
  { bytes: Buffer.from('X\0\0\0\x04', 'latin1'), message: { type: 'terminate' } },
  { bytes: Buffer.from('c\0\0\0\x04', 'latin1'), message: { type: 'copyDone' } },
  { bytes: frame('d').text('1\tAna\n').end(), message: { type: 'copyData', data: Buffer.from('1\tAna\n') } },
  { bytes: frame('f').cstring('no more').end(), message: { type: 'copyFail', reason: 'no more' } },
  {
    bytes: frame('F').int32(1598).int16(0).int16(1).int32(1).text('x').int16(0).end(),
    message: {
      type: 'functionCall',
      functionOid: 1598,
      argumentFormats: [],
      arguments: [Buffer.from('x')],
      resultFormat: 0,
    },
  },
  {
    bytes: frame('p').cstring('geheim').end(),
    message: { type: 'passwordMessage', password: 'geheim' },
  },
  {
    bytes: frame('p').cstring('SCRAM-SHA-256').int32(9).text('n,,n=,r=a').end(),
    message: { type: 'saslInitialResponse', mechanism: 'SCRAM-SHA-256', data: Buffer.from('n,,n=,r=a') },
    reply: 'saslInitialResponse',
  },
  {
    bytes: frame('p').cstring('SCRAM-SHA-256').int32(-1).end(),
    message: { type: 'saslInitialResponse', mechanism: 'SCRAM-SHA-256', data: null },
    reply: 'saslInitialResponse',
  },
  {
    bytes: frame('p').text('c=biws').end(),
    message: { type: 'saslResponse', data: Buffer.from('c=biws') },
    reply: 'saslResponse',
  },
  {
    bytes: frame('p').text('token').end(),
    message: { type: 'gssResponse', data: Buffer.from('token') },
    reply: 'gssResponse',
  },
];

export const START_UP_SAMPLES: readonly Sample<StartUpPacket>[] = [
  { bytes: untypedFrame().int32(80877103).end(), message: { type: 'sslRequest' } },
  { bytes: untypedFrame().int32(80877104).end(), message: { type: 'gssEncRequest' } },
  {
    bytes: untypedFrame().int32(80877102).int32(4711).int32(0x01020304).end(),
    message: { type: 'cancelRequest', processId: 4711, secretKey: Buffer.from([1, 2, 3, 4]) },
  },
  {
    bytes: untypedFrame().int32(80877102).int32(4711).bytes(key32).end(),
    message: { type: 'cancelRequest', processId: 4711, secretKey: key32 },
  },
  {
    bytes: untypedFrame()
      .int32(196608)
      .cstring('user')
      .cstring('ana')
      .cstring('database')
      .cstring('shop')
      .uint8(0)
      .end(),
    message: {
      type: 'startupMessage',
      version: { major: 3, minor: 0 },
      parameters: new Map([
        ['user', 'ana'],
        ['database', 'shop'],
      ]),
    },
  },
  {
    bytes: untypedFrame().int32(196610).cstring('user').cstring('').uint8(0).end(),
    message: {
      type: 'startupMessage',
      version: { major: 3, minor: 2 },
      parameters: new Map([['user', '']]),
    },
  },
];
