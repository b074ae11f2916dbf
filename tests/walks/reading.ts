// Reading 120 transcripts, in a terminal of 110 columns.
import assert from 'node:assert/strict';
import type { Walk } from './walk.ts';

export async function readingAll(walk: Walk): Promise<void> {
  await walk.type('npx expgraph init');
  await walk.type('npx expgraph run');

  // A pager that only says that it was asked: what it shows is what is read.
  const all = await walk.inTerminal('npx expgraph show', {
    env: { PAGER: 'cat' },
    use: async (terminal) => {
      await terminal.showing('applike/routing:');
    },
  });
  assert.ok(all.split('\n').length > 1_000);

  const some = await walk.type('npx expgraph show --not-passed');
  assert.match(some.stdout, /expect/);
  await walk.type("npx expgraph show 'applike/ambiguous:*'");
  // Drawn again, and only these: the simulation says the same, and both draws are kept.
  const forced = await walk.type('npx expgraph run --force --not-passed');
  assert.match(forced.stdout, /7 executed/);
  const both = await walk.type('npx expgraph history applike/ambiguous:bi-weekly/1');
  assert.match(both.stdout, /0001/);
  assert.match(both.stdout, /0002/);
  await walk.type('npx expgraph show --differs');
}
