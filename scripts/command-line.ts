// The tables of docs/command-line.md, from where the program has them: `node scripts/command-line.ts`.
import { readFileSync, writeFileSync } from 'node:fs';
import { exitRows } from '../src/project/help/exit-codes.ts';
import { errorRows } from '../src/project/help/failures.ts';
import { withBlock } from './readme.ts';

export const PAGE = new URL('../docs/command-line.md', import.meta.url);

export function withTables(page: string): string {
  const codes = exitRows().map(({ code, means }) => [`${code}`, means]);
  const errors = errorRows().map(({ kind, means, again, advice }) => [`\`${kind}\``, means, again, advice]);
  const done = withBlock(page, { name: 'exit-codes', content: table(['code', 'says'], codes) });
  return withBlock(done, { name: 'errors', content: table(['kind', 'means', 'then', 'to do'], errors) });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

if (import.meta.main) writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8')));
