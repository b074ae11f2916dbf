// Verdicts outlive whatever kills the process that saved them, and two processes of one reviewer do not get in each other's way.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { deckHash, readVerdictFile } from '../../src/project/review/verdict-log.ts';
import { writeDeck } from '../rig/review-deck.ts';
import { tempFolder } from '../rig/temp.ts';

const MAIN = fileURLToPath(new URL('../rig/verdict-writer-main.ts', import.meta.url));

function startReader(folder: string, { reviewer, count }: { reviewer: string; count: number }) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN, folder, reviewer, `${count}`],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let told = '';
  let wrong = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    wrong += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, wrong }));
  // A line without its end was never shown in full.
  return {
    child,
    ended,
    said: () =>
      told
        .slice(0, told.lastIndexOf('\n') + 1)
        .split('\n')
        .slice(0, -1),
  };
}

function kept(folder: string): readonly string[] {
  const read = readVerdictFile(path.join(folder, 'verdicts', 'ana.jsonl'), deckHash(folder));
  if (read.kind === 'err') throw new Error(read.error);
  return read.value.lines.map(({ card, revision, note }) => `${card}#${revision} ${note}`);
}

test('kill -9 at any moment loses no verdict that was shown as saved, and leaves a chain that goes on', async () => {
  const folder = tempFolder();
  writeDeck(folder);
  const shown: string[] = [];
  for (let i = 0; i < 8; i++) {
    const { child, ended, said } = startReader(folder, { reviewer: 'ana', count: 1e6 });
    // Killed after as many saved verdicts as this round has: between any two, or in the middle of one.
    let heard = 0;
    child.stdout.on('data', (text: string) => {
      heard += text.split('\n').length - 1;
      if (heard > (i * 7) % 23) child.kill('SIGKILL');
    });
    expect((await ended).wrong).toBe('');
    shown.push(...said());
    const all = kept(folder);
    expect(shown.filter((line) => !all.includes(line))).toEqual([]);
  }
  expect(shown.length).toBeGreaterThan(50);
});

test('two processes of one reviewer save into one chain', async () => {
  const folder = tempFolder();
  writeDeck(folder);
  const readers = [1, 2].map(() => startReader(folder, { reviewer: 'ana', count: 40 }));
  expect(await Promise.all(readers.map(({ ended }) => ended))).toEqual([
    { code: 0, wrong: '' },
    { code: 0, wrong: '' },
  ]);
  const shown = readers.flatMap(({ said }) => said());
  expect(shown).toHaveLength(80);
  expect([...kept(folder)].sort()).toEqual([...shown].sort());
  expect(readdirSync(path.join(folder, 'verdicts'))).toEqual(['ana.jsonl']);
});
