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
  await walk.type('npx expgraph run --force --not-passed');
  const moved = await walk.type('npx expgraph diff');
  assert.match(moved.stdout, /\/1|\/2|\/3/);
  await walk.type('npx expgraph show --differs');
}
