// First contact: an empty folder, nothing read but the README's two lines.
import assert from 'node:assert/strict';
import type { Walk } from './walk.ts';

export async function firstContact(walk: Walk): Promise<void> {
  const before = await walk.type('npx expgraph run', { code: 2 });
  assert.match(before.stderr, /npx expgraph init/);

  await walk.type('npx expgraph init');
  const first = await walk.type('npx expgraph run');
  assert.match(first.stdout, /120 executed/);
  // Some do not pass, and which ones is told at once.
  assert.match(first.stdout, /show --not-passed/);

  const again = await walk.type('npx expgraph run');
  assert.match(again.stdout, /up to date/i);

  walk.edit('experiment.yaml', (text) => text.replace('temperature: 0.2', 'temprature: 0.2'));
  const mistaken = await walk.type('npx expgraph plan', { code: 2 });
  assert.match(mistaken.stderr, /did you mean "temperature"/);

  walk.edit('experiment.yaml', (text) => text.replace('temprature: 0.2', 'temperature: 0.3'));
  const why = await walk.type('npx expgraph plan --explain');
  assert.match(why.stdout, /temperature/);
  await walk.type('npx expgraph run');
  const moved = await walk.type('npx expgraph diff');
  assert.match(moved.stdout, /applike\//);
  const compared = await walk.type('npx expgraph compare');
  assert.match(compared.stdout, /baseline/);
}
