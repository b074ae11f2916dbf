// What a file of JSON is by its beginning, whatever its name says: a document, or one value a line.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { isJsonObject } from '../../core/json.ts';
import { parseJson } from '../../core/json-text.ts';

const OPENING_BYTES = 64_000;

/** null: it cannot be told, or the file cannot be read, which is said when it is. */
export function formOf(file: string): 'document' | 'lines' | null {
  const text = openingOf(file);
  const [first = '', second = ''] = text.split('\n').filter((line) => line.trim() !== '');
  if (first.trimStart().startsWith('[') || first.trim() === '{') return 'document';
  const isWhole = text.length > first.length && isJsonObject(parseJson(first) ?? null);
  return isWhole && second.startsWith('{') ? 'lines' : null;
}

function openingOf(file: string): string {
  try {
    // A pipe or a device would never end.
    if (!statSync(file).isFile()) return '';
    const handle = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(OPENING_BYTES);
      const size = readSync(handle, bytes);
      return bytes.toString('utf8', 0, size).replace(/^\ufeff/, '');
    } finally {
      closeSync(handle);
    }
  } catch {
    return '';
  }
}
