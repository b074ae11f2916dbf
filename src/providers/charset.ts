// Bytes in the charset that a header names, as UTF-8. Pure.
import { isUtf8 } from 'node:buffer';

/**
 * JSON is UTF-8, and nearly all that is sent is; some servers name another charset although it is. So the bytes are believed
 * first, and the header where they cannot be UTF-8.
 */
export function toUtf8(bytes: Uint8Array, contentType: string | null): Uint8Array {
  const charset = contentType === null ? null : charsetIn(contentType);
  if (charset === null || charset === 'utf-8' || charset === 'utf8') return bytes;
  if (isUtf8(bytes) && !charset.startsWith('utf-16')) return bytes;
  try {
    return Buffer.from(new TextDecoder(charset, { fatal: true }).decode(bytes));
  } catch {
    // No such charset, or not of it: whoever reads it says what it is not.
    return bytes;
  }
}

function charsetIn(contentType: string): string | null {
  return /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType)?.[1]?.toLowerCase() ?? null;
}
