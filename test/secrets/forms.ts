/** Shorter ones would be found where nobody wrote them. */
const MIN_FORM_BYTES = 8;

/** Every way in which a secret may stand in a file: as it is, escaped, encoded, within base64 at each of its places. */
export function formsOf(secret: string | Buffer): Buffer[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const texts = [hex, hex.toUpperCase(), ...withinBase64(bytes).flatMap((text) => [text, urlSafe(text)])];
  const forms = [bytes, ...texts.map((text) => Buffer.from(text)), ...textForms(secret)];
  const distinct = new Map(forms.map((form) => [form.toString('latin1'), form]));
  return [...distinct.values()].filter((form) => form.length >= MIN_FORM_BYTES);
}

function textForms(secret: string | Buffer): Buffer[] {
  if (typeof secret !== 'string') return [];
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  const wide = Buffer.from(secret, 'utf16le');
  const escaped = [json, json.replace(/[^\x20-\x7e]/g, unicodeEscape), url, url.replaceAll('%20', '+')];
  return [...escaped.map((text) => Buffer.from(text)), wide, Buffer.from(wide).swap16()];
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** What of its base64 doesn't depend on what stands around it: three bytes make four characters. */
function withinBase64(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const whole = Math.floor((before + bytes.length) / 3) * 4;
    return text.slice(before === 0 ? 0 : 4, whole);
  });
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}
