import { expect, it } from 'vitest';
import { newOrigin } from '../../src/cache/disk/origin.ts';
import type { Spent } from '../../src/core/paid.ts';
import { unendedNote } from '../../src/project/select/paid.ts';

const SPENT = {
  ...{ calls: 1, costUsd: 0.01, atLeastUsd: 0.01 },
  usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
} as Spent;

function said(origin: string, lock: 'held' | 'not-held', isImport = false): string {
  const invocation = `0007-20261122T204501Z-${origin}`;
  const [note] = unendedNote({ unended: () => ({ invocation, isImport, spent: SPENT }) }, lock);
  return note!.message;
}

it('says that an invocation was killed only where the lock is that of its machine', () => {
  const here = newOrigin();
  // The first two letters are the machine's.
  const there = `${here[0] === '0' ? '1' : '0'}${here.slice(1)}`;
  expect(said(here, 'held')).toMatch(/^invocation \S+ was killed; it has paid/);
  expect(said(here, 'not-held')).toMatch(/^invocation \S+ has not ended, or was killed; it has paid/);
  expect(said(there, 'held')).toMatch(/^invocation \S+ has not ended, or was killed; it has paid/);
});

it('says of an import that was killed what is kept of it, and not that it paid', () => {
  expect(said(newOrigin(), 'held', true)).toMatch(
    /^invocation \S+ was killed; kept of what it imports: 1 result; the same import adds the rest$/,
  );
});
