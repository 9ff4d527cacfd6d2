import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';

export type FieldDescription = {
  name: string;
  /** 0 when the field isn't a plain column of a table. */
  tableOid: number;
  columnAttribute: number;
  typeOid: number;
  /** `pg_type.typlen`; negative for variable width. */
  typeLength: number;
  typeModifier: number;
  /** 0 text, 1 binary; always 0 in the reply to Describe of a statement. */
  format: number;
};

/** RowDescription: the fields of the rows that follow. */
export type RowDescription = { type: 'rowDescription'; fields: FieldDescription[] };

export function decodeRowDescription(body: BodyReader): RowDescription {
  const fields = body.list(() => decodeField(body));
  body.end();
  return { type: 'rowDescription', fields };
}

function decodeField(body: BodyReader): FieldDescription {
  return {
    name: body.cstring(),
    tableOid: body.uint32(),
    columnAttribute: body.int16(),
    typeOid: body.uint32(),
    typeLength: body.int16(),
    typeModifier: body.int32(),
    format: body.int16(),
  };
}

export function encodeRowDescription(message: RowDescription): Buffer {
  return frame('T')
    .list(message.fields, (builder, field) =>
      builder
        .cstring(field.name)
        .int32(field.tableOid)
        .int16(field.columnAttribute)
        .int32(field.typeOid)
        .int16(field.typeLength)
        .int32(field.typeModifier)
        .int16(field.format),
    )
    .end();
}
