// multipart/form-data, as far as uploads of files need it: RFC 7578.

export type FormPart = { readonly name: string; readonly filename: string | null; readonly content: Buffer };

/** null = it is no such form. */
export function readForm(contentType: string, body: Buffer): readonly FormPart[] | null {
  const boundary = /;\s*boundary=(?:"([^"]{1,200})"|([^;\s]{1,200}))/i.exec(contentType);
  if (!/^multipart\/form-data\b/i.test(contentType) || boundary === null) return null;
  const mark = Buffer.from(`\r\n--${boundary[1] ?? boundary[2]}`);
  const parts: FormPart[] = [];
  // The first boundary has no line before it.
  const whole = Buffer.concat([Buffer.from('\r\n'), body]);
  let at = whole.indexOf(mark);
  while (at >= 0) {
    const start = at + mark.length;
    const next = whole.indexOf(mark, start);
    if (next < 0) break;
    const part = readPart(whole.subarray(start + 2, next));
    if (part !== null) parts.push(part);
    at = next;
  }
  return parts;
}

function readPart(bytes: Buffer): FormPart | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = bytes.subarray(0, end).toString();
  const disposition = /^content-disposition:.*$/im.exec(head)?.[0] ?? '';
  const name = /;\s*name="([^"]*)"/i.exec(disposition)?.[1];
  if (name === undefined) return null;
  const filename = /;\s*filename="([^"]*)"/i.exec(disposition)?.[1] ?? null;
  return { name, filename, content: bytes.subarray(end + 4) };
}
