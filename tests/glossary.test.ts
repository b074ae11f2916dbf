// The glossary of docs/architecture.md names types that are where it says.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8');
const rows = page
  .slice(page.indexOf('## Glossary'))
  .split('\n')
  .filter((line) => /^\| (?!term|---)/.test(line));

/** `Name` … `file.ts`, one after the other: a file has the names before it. */
function named(row: string): readonly { readonly name: string; readonly file: string }[] {
  let names: string[] = [];
  return [...row.matchAll(/`([^`]+)`/g)].flatMap(([, word = '']) => {
    if (/^[A-Z]\w*(?:\['\w+'\])?$/.test(word)) names.push(word.replace(/\[.*/, ''));
    if (!word.endsWith('.ts')) return [];
    const found = names.map((name) => ({ name, file: word }));
    names = [];
    return found;
  });
}

it.each(rows.map((row) => [row.split('|')[1]!.trim(), row]))('"%s" is where the glossary says', (_, row) => {
  const files = [...row.matchAll(/`([\w/-]+\.ts)`/g)].map(([, file]) => file!);
  expect(files.filter((file) => !existsSync(path.join(root, 'src', file)))).toEqual([]);
  const missing = named(row).filter(({ name, file }) => {
    const text = readFileSync(path.join(root, 'src', file), 'utf8');
    return !new RegExp(`export[^;=]*\\b${name}\\b`).test(text);
  });
  expect([files.length > 0, missing]).toEqual([true, []]);
});
