import { assertNever } from '../../../contract/assert-never.ts';
import type { BodyReader } from './bytes/body-reader.ts';
import {
  type Authentication,
  decodeAuthentication,
  encodeAuthentication,
} from './messages/backend/authentication.ts';
import {
  type BackendKeyData,
  decodeBackendKeyData,
  encodeBackendKeyData,
} from './messages/backend/backend-key-data.ts';
import {
  type CommandComplete,
  decodeCommandComplete,
  encodeCommandComplete,
} from './messages/backend/command-complete.ts';
import {
  type CopyResponse,
  decodeCopyResponse,
  encodeCopyResponse,
} from './messages/backend/copy-response.ts';
import { type DataRow, decodeDataRow, encodeDataRow } from './messages/backend/data-row.ts';
import {
  decodeErrorResponse,
  type ErrorResponse,
  encodeErrorResponse,
} from './messages/backend/error-response.ts';
import {
  decodeFunctionCallResponse,
  encodeFunctionCallResponse,
  type FunctionCallResponse,
} from './messages/backend/function-call-response.ts';
import {
  decodeNegotiateProtocolVersion,
  encodeNegotiateProtocolVersion,
  type NegotiateProtocolVersion,
} from './messages/backend/negotiate-protocol-version.ts';
import {
  decodeNoticeResponse,
  encodeNoticeResponse,
  type NoticeResponse,
} from './messages/backend/notice-response.ts';
import {
  decodeNotificationResponse,
  encodeNotificationResponse,
  type NotificationResponse,
} from './messages/backend/notification-response.ts';
import {
  decodeParameterDescription,
  encodeParameterDescription,
  type ParameterDescription,
} from './messages/backend/parameter-description.ts';
import {
  decodeParameterStatus,
  encodeParameterStatus,
  type ParameterStatus,
} from './messages/backend/parameter-status.ts';
import {
  decodeReadyForQuery,
  encodeReadyForQuery,
  type ReadyForQuery,
} from './messages/backend/ready-for-query.ts';
import {
  decodeRowDescription,
  encodeRowDescription,
  type RowDescription,
} from './messages/backend/row-description.ts';
import {
  type BodilessBackend,
  type BodilessFrontend,
  decodeBodiless,
  encodeBodiless,
} from './messages/bodiless.ts';
import { type CopyData, decodeCopyData, encodeCopyData } from './messages/copy-data.ts';
import {
  type AuthenticationReply,
  decodeAuthenticationReply,
  encodeAuthenticationReply,
} from './messages/frontend/authentication-reply.ts';
import { type Bind, decodeBind, encodeBind } from './messages/frontend/bind.ts';
import { type Close, decodeClose, encodeClose } from './messages/frontend/close.ts';
import { type CopyFail, decodeCopyFail, encodeCopyFail } from './messages/frontend/copy-fail.ts';
import { type Describe, decodeDescribe, encodeDescribe } from './messages/frontend/describe.ts';
import { decodeExecute, type Execute, encodeExecute } from './messages/frontend/execute.ts';
import {
  decodeFunctionCall,
  encodeFunctionCall,
  type FunctionCall,
} from './messages/frontend/function-call.ts';
import { decodeParse, encodeParse, type Parse } from './messages/frontend/parse.ts';
import { decodeQuery, encodeQuery, type Query } from './messages/frontend/query.ts';
import { violation } from './violation.ts';

export type BackendMessage =
  | Authentication
  | BackendKeyData
  | BodilessBackend
  | CommandComplete
  | CopyData
  | CopyResponse
  | DataRow
  | ErrorResponse
  | FunctionCallResponse
  | NegotiateProtocolVersion
  | NoticeResponse
  | NotificationResponse
  | ParameterDescription
  | ParameterStatus
  | ReadyForQuery
  | RowDescription;

export type FrontendMessage =
  | AuthenticationReply
  | Bind
  | BodilessFrontend
  | Close
  | CopyData
  | CopyFail
  | Describe
  | Execute
  | FunctionCall
  | Parse
  | Query;

/**
 * Decodes the body of a frame that a server sent. Buffers of the message alias the frame.
 * @throws SluiceError `wire.protocolViolation`
 */
export function decodeBackend(type: number, body: BodyReader): BackendMessage {
  switch (String.fromCharCode(type)) {
    case 'R':
      return decodeAuthentication(body);
    case 'K':
      return decodeBackendKeyData(body);
    case '1':
      return decodeBodiless('parseComplete', body);
    case '2':
      return decodeBodiless('bindComplete', body);
    case '3':
      return decodeBodiless('closeComplete', body);
    case 'C':
      return decodeCommandComplete(body);
    case 'd':
      return decodeCopyData(body);
    case 'c':
      return decodeBodiless('copyDone', body);
    case 'G':
      return decodeCopyResponse('copyInResponse', body);
    case 'H':
      return decodeCopyResponse('copyOutResponse', body);
    case 'W':
      return decodeCopyResponse('copyBothResponse', body);
    case 'D':
      return decodeDataRow(body);
    case 'I':
      return decodeBodiless('emptyQueryResponse', body);
    case 'E':
      return decodeErrorResponse(body);
    case 'V':
      return decodeFunctionCallResponse(body);
    case 'v':
      return decodeNegotiateProtocolVersion(body);
    case 'n':
      return decodeBodiless('noData', body);
    case 'N':
      return decodeNoticeResponse(body);
    case 'A':
      return decodeNotificationResponse(body);
    case 't':
      return decodeParameterDescription(body);
    case 'S':
      return decodeParameterStatus(body);
    case 's':
      return decodeBodiless('portalSuspended', body);
    case 'Z':
      return decodeReadyForQuery(body);
    case 'T':
      return decodeRowDescription(body);
    default:
      throw violation(`a server sends no message of type ${type}`);
  }
}

/**
 * Decodes the body of a frame that a client sent after start-up. Buffers of the message alias the frame.
 * `expectedReply`: what a message of type `p` would be at this point.
 * @throws SluiceError `wire.protocolViolation`
 */
export function decodeFrontend(
  type: number,
  body: BodyReader,
  expectedReply: AuthenticationReply['type'] = 'passwordMessage',
): FrontendMessage {
  switch (String.fromCharCode(type)) {
    case 'p':
      return decodeAuthenticationReply(expectedReply, body);
    case 'B':
      return decodeBind(body);
    case 'C':
      return decodeClose(body);
    case 'd':
      return decodeCopyData(body);
    case 'c':
      return decodeBodiless('copyDone', body);
    case 'f':
      return decodeCopyFail(body);
    case 'D':
      return decodeDescribe(body);
    case 'E':
      return decodeExecute(body);
    case 'H':
      return decodeBodiless('flush', body);
    case 'F':
      return decodeFunctionCall(body);
    case 'P':
      return decodeParse(body);
    case 'Q':
      return decodeQuery(body);
    case 'S':
      return decodeBodiless('sync', body);
    case 'X':
      return decodeBodiless('terminate', body);
    default:
      throw violation(`a client sends no message of type ${type}`);
  }
}

/** Any message after start-up, as one frame. */
export function encode(message: BackendMessage | FrontendMessage): Buffer {
  switch (message.type) {
    case 'authenticationOk':
    case 'authenticationKerberosV5':
    case 'authenticationCleartextPassword':
    case 'authenticationMd5Password':
    case 'authenticationGss':
    case 'authenticationGssContinue':
    case 'authenticationSspi':
    case 'authenticationSasl':
    case 'authenticationSaslContinue':
    case 'authenticationSaslFinal':
      return encodeAuthentication(message);
    case 'passwordMessage':
    case 'saslInitialResponse':
    case 'saslResponse':
    case 'gssResponse':
      return encodeAuthenticationReply(message);
    case 'backendKeyData':
      return encodeBackendKeyData(message);
    case 'parseComplete':
    case 'bindComplete':
    case 'closeComplete':
    case 'copyDone':
    case 'emptyQueryResponse':
    case 'flush':
    case 'noData':
    case 'portalSuspended':
    case 'sync':
    case 'terminate':
      return encodeBodiless(message);
    case 'commandComplete':
      return encodeCommandComplete(message);
    case 'copyData':
      return encodeCopyData(message);
    case 'copyInResponse':
    case 'copyOutResponse':
    case 'copyBothResponse':
      return encodeCopyResponse(message);
    case 'dataRow':
      return encodeDataRow(message);
    case 'errorResponse':
      return encodeErrorResponse(message);
    case 'functionCallResponse':
      return encodeFunctionCallResponse(message);
    case 'negotiateProtocolVersion':
      return encodeNegotiateProtocolVersion(message);
    case 'noticeResponse':
      return encodeNoticeResponse(message);
    case 'notificationResponse':
      return encodeNotificationResponse(message);
    case 'parameterDescription':
      return encodeParameterDescription(message);
    case 'parameterStatus':
      return encodeParameterStatus(message);
    case 'readyForQuery':
      return encodeReadyForQuery(message);
    case 'rowDescription':
      return encodeRowDescription(message);
    case 'bind':
      return encodeBind(message);
    case 'close':
      return encodeClose(message);
    case 'copyFail':
      return encodeCopyFail(message);
    case 'describe':
      return encodeDescribe(message);
    case 'execute':
      return encodeExecute(message);
    case 'functionCall':
      return encodeFunctionCall(message);
    case 'parse':
      return encodeParse(message);
    case 'query':
      return encodeQuery(message);
    default:
      return assertNever(message);
  }
}
