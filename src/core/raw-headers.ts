// Headers as node:http has them, names and values in turn, as the web has them.

export function rawHeaders(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    try {
      headers.append(raw[at]!, raw[at + 1]!);
    } catch {
      // node:http lets a few characters pass that Headers refuses; such a header is none of those we read.
    }
  }
  return headers;
}
