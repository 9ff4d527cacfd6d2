import type { BodyReader } from '../../bytes/body-reader.ts';

import type { FrameBuilder } from '../../bytes/frame-builder.ts';
import { violation } from '../../violation.ts';

/** Manual, "Error and Notice Message Fields", in the order in which the server sends them. */
const LETTERS = {
  severity: 'S',
  severityNonLocalized: 'V',
  code: 'C',
  message: 'M',
  detail: 'D',
  hint: 'H',
  where: 'W',
  schemaName: 's',
  tableName: 't',
  columnName: 'c',
  dataTypeName: 'd',
  constraintName: 'n',
  position: 'P',
  internalPosition: 'p',
  internalQuery: 'q',
  file: 'F',
  line: 'L',
  routine: 'R',
} as const;

export type ErrorField = keyof typeof LETTERS;
export type ErrorFields = Partial<Record<ErrorField, string>>;

const ENTRIES = Object.entries(LETTERS).map(([name, letter]) => [letter, isErrorField(name)] as const);
const BY_LETTER: ReadonlyMap<string, ErrorField> = new Map(ENTRIES);

function isErrorField(name: string): ErrorField {
  if (name in LETTERS) return name as ErrorField;
  throw violation(`${name} is no error field`);
}

/** "Since more field types might be added in future, frontends should silently ignore" unknown ones. */
export function decodeErrorFields(body: BodyReader): ErrorFields {
  const fields: ErrorFields = {};
  for (let code = body.uint8(); code !== 0; code = body.uint8()) {
    const name = BY_LETTER.get(String.fromCharCode(code));
    const value = body.words();
    if (name !== undefined) fields[name] = value;
  }
  body.end();
  return fields;
}

export function writeErrorFields(builder: FrameBuilder, fields: ErrorFields): FrameBuilder {
  for (const [letter, name] of ENTRIES) {
    const value = fields[name];
    if (value !== undefined) builder.text(letter).cstring(value);
  }
  return builder.uint8(0);
}
