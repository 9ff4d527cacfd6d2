import { encode } from '../../../wire/postgres/index.ts';
import type { ErrorFields } from '../../../wire/postgres/messages/backend/error-fields.ts';

/** An ErrorResponse of the gateway's own. `severity` FATAL says that the connection ends with it. */
export function errorResponse(
  severity: 'ERROR' | 'FATAL',
  code: string,
  message: string,
  more: Pick<ErrorFields, 'detail' | 'hint' | 'position'> = {},
): Buffer {
  const fields: ErrorFields = { severity, severityNonLocalized: severity, code, message };
  for (const name of ['detail', 'hint', 'position'] as const) {
    const value = more[name];
    if (value !== undefined && value !== '') fields[name] = value.replaceAll('\0', '');
  }
  return encode({ type: 'errorResponse', fields });
}
