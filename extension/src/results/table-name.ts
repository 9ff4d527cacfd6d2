const IDENTIFIER = String.raw`(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)`;
const FROM = new RegExp(
  String.raw`\b(?:from|into|update)\s+(?:only\s+)?(${IDENTIFIER}(?:\.${IDENTIFIER})*)`,
  'iu',
);

/** The first table a statement names, by its parts, for `INSERT INTO` of copied rows. */
export function tableName(statement: string): string[] {
  const name = FROM.exec(statement)?.[1];
  if (name === undefined) return ['result'];
  const parts = name.match(new RegExp(IDENTIFIER, 'gu')) ?? [];
  return parts.map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase(),
  );
}
