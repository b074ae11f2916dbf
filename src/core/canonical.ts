// JSON -> one sequence of bytes -> SHA-256. RFC 8785 (JCS): sorted member names, shortest numbers, no white space;
// strings are brought to NFC first, so that the same text typed on two systems gives the same key.
import { createHash, hash } from 'node:crypto';
import type { Digest } from './brand.ts';

/**
 * Canonical JSON text of plain data.
 * Members whose value is undefined are left out (absent and undefined are one thing); undefined elsewhere, NaN,
 * infinities, functions, symbols, bigints, class instances and cycles throw: a key that cannot be computed in full
 * must never become a smaller key.
 * @throws Error naming the path of the offending value.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', 0);
}

/** SHA-256 of the canonical JSON of `value`. */
export function digestOf(value: unknown): Digest {
  return sha256(canonicalJson(value)) as Digest;
}

/** SHA-256 of text (UTF-8) or bytes, as lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** SHA-256 of many pieces of text or bytes as if they were one, without ever holding them as one. */
export function sha256Of(pieces: Iterable<string | Uint8Array>): string {
  const hashing = createHash('sha256');
  for (const piece of pieces) hashing.update(piece);
  return hashing.digest('hex');
}

/** Deeper data than this is hostile, not an experiment. */
const MAX_DEPTH = 200;

function write(value: unknown, path: string, depth: number): string {
  if (depth > MAX_DEPTH) throw new Error(`${path}: nested deeper than ${MAX_DEPTH} levels`);
  switch (typeof value) {
    case 'string':
      return quote(value, path);
    case 'number':
      if (!Number.isFinite(value)) throw new Error(`${path}: ${value} has no JSON form`);
      // ECMAScript's own number to text is what RFC 8785 asks for; -0 is written as 0.
      return String(value === 0 ? 0 : value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return writeList(value, path, depth);
      return writeObject(value, path, depth);
    default:
      throw new Error(`${path}: a ${typeof value} has no JSON form`);
  }
}

function writeList(list: readonly unknown[], path: string, depth: number): string {
  const items: string[] = [];
  for (let i = 0; i < list.length; i++) items.push(write(list[i], `${path}[${i}]`, depth + 1));
  return `[${items.join(',')}]`;
}

function writeObject(object: object, path: string, depth: number): string {
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new Error(`${path}: only plain objects have a JSON form`);
  }
  const members = new Map<string, string>();
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue;
    const normal = name.normalize('NFC');
    if (members.has(normal)) throw new Error(`${path}: two members are named ${JSON.stringify(normal)}`);
    members.set(normal, write(value, `${path}.${normal}`, depth + 1));
  }
  // JCS sorts by UTF-16 code units, which is what sort() without a comparator does.
  const names = [...members.keys()].sort();
  return `{${names.map((name) => `${quote(name, path)}:${members.get(name)}`).join(',')}}`;
}

function quote(text: string, path: string): string {
  if (!text.isWellFormed()) throw new Error(`${path}: text with a lone surrogate has no UTF-8 form`);
  return JSON.stringify(text.normalize('NFC'));
}
