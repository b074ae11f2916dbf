// Bytes of a file -> text, or one sentence that names what they are instead. Pure.
import { err, ok, type Result } from './result.ts';

/** What is wrong with bytes, to be read after the file's name: `is gzip-compressed`. */
export type BytesProblem = {
  readonly code: 'not-utf-8' | 'nul-byte' | 'not-text';
  readonly message: string;
  readonly hint: string | null;
  /** Offset of the byte in question; null = the whole is something else. */
  readonly at: number | null;
};

/**
 * UTF-8 without NUL; a byte order mark at the beginning is left out. `offset`: where in the file the bytes begin, for
 * the sentence; only those at the beginning are looked at for the mark and for other kinds of files.
 */
export function readUtf8(bytes: Uint8Array, offset = 0): Result<string, BytesProblem> {
  const kind = offset === 0 ? foreignKind(bytes) : null;
  if (kind !== null) return err(kind);
  const text = strictly(bytes);
  if (text === null) {
    const at = firstBadByte(bytes);
    const byte = bytes[at]!.toString(16).padStart(2, '0');
    return err({
      ...{ code: 'not-utf-8', message: `is not UTF-8: byte 0x${byte} at offset ${offset + at}`, at },
      hint: 'save the file as UTF-8 (in a spreadsheet: "CSV UTF-8"; or: iconv -f WINDOWS-1252 -t UTF-8)',
    });
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    const message = `has a NUL byte at offset ${offset + zero}: it is not a text file`;
    return err({ code: 'nul-byte', message, hint: null, at: zero });
  }
  return ok(offset === 0 && text.startsWith('\ufeff') ? text.slice(1) : text);
}

/** Files that are taken for text by their names. */
export function foreignKind(bytes: Uint8Array): BytesProblem | null {
  const begins = (...start: readonly number[]): boolean => start.every((byte, i) => bytes[i] === byte);
  const is = (message: string, hint: string): BytesProblem => ({ code: 'not-text', message, hint, at: null });
  if (begins(0x1f, 0x8b)) return is('is compressed with gzip', 'unpack it: gzip -d, or gunzip -k');
  if (begins(0x28, 0xb5, 0x2f, 0xfd)) return is('is compressed with zstd', 'unpack it: zstd -d');
  if (begins(0x50, 0x4b, 3, 4))
    return is('is a zip archive, or a spreadsheet (.xlsx)', 'unpack it, or save the sheet as CSV (UTF-8)');
  if (begins(0x50, 0x41, 0x52, 0x31)) return is('is a Parquet file', 'write it as JSONL or CSV');
  if (begins(0xff, 0xfe) || begins(0xfe, 0xff) || isWide(bytes))
    return is('is UTF-16, not UTF-8', 'save the file as UTF-8 (or: iconv -f UTF-16 -t UTF-8)');
  if (LFS.every((code, i) => bytes[i] === code))
    return is('is a Git LFS pointer: its content was not fetched', 'fetch it: git lfs pull');
  return null;
}

const LFS = [...'version https://git-lfs.github.com/spec/'].map((character) => character.charCodeAt(0));

/** Two ASCII characters, each with a zero beside it. */
function isWide(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const [a, b, c, d] = bytes as unknown as readonly [number, number, number, number];
  return (a !== 0 && b === 0 && c !== 0 && d === 0) || (a === 0 && b !== 0 && c === 0 && d !== 0);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function strictly(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** The longest valid beginning, found by halving: the decoder is native and fast, a loop in JavaScript is neither. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (isUtf8(bytes.subarray(0, endOfCharacter(bytes, middle)))) good = middle;
    else bad = middle;
  }
  // Nearly there: the last few characters are walked one by one.
  let at = endOfCharacter(bytes, good);
  for (let size = 1; size <= 4; size++) {
    if (at + size > bytes.length || !isUtf8(bytes.subarray(at, at + size))) continue;
    at += size;
    size = 0;
  }
  return at;
}

function isUtf8(bytes: Uint8Array): boolean {
  return strictly(bytes) !== null;
}

/** A cut inside a character is no mistake of the text before it: the cut moves back to the character's first byte. */
function endOfCharacter(bytes: Uint8Array, cut: number): number {
  let at = cut;
  while (at > 0 && cut - at < 3 && (bytes[at]! & 0xc0) === 0x80) at--;
  return at;
}
