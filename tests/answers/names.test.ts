// docs/exchange.md lists the names that are read; the code is what reads them.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CALL_ARGUMENTS, CALL_NAMES, COUNTS, USUAL } from '../../src/answers/names.ts';
import { ROOT } from '../rig/files.ts';

test('docs/exchange.md lists the usual names as they are', () => {
  const page = readFileSync(path.join(ROOT, 'docs/exchange.md'), 'utf8');
  const [, table = ''] = /<!-- table: usual names -->\n(.*?)<!-- end -->/s.exec(page) ?? [];
  const rows = new Map(
    table
      .split('\n')
      .slice(2)
      .filter((line) => line !== '')
      .map((line) => {
        const [ours = '', ...theirs] = [...line.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
        return [ours, theirs] as const;
      }),
  );
  const wanted = new Map<string, readonly string[]>(
    Object.entries(USUAL).filter(([, theirs]) => theirs.length > 0),
  );
  for (const [ours, { flat, inside }] of Object.entries(COUNTS)) wanted.set(ours, [...flat, ...inside]);
  wanted.set('tool_calls.name', CALL_NAMES).set('tool_calls.arguments', CALL_ARGUMENTS);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(wanted));
});
