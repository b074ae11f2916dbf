// After a failure at night: the provider broke down, the terminal was closed; in the morning somebody wants to know and go on.
import assert from 'node:assert/strict';
import type { Walk } from './walk.ts';

const broken = 'errors: 1';

export async function afterANight(walk: Walk): Promise<void> {
  await walk.type('npx expgraph init');
  walk.edit('experiment.yaml', (text) =>
    text.replace(/^providers:$/m, `providers:\n  sim: { type: sim, sim: { error_rate: 0.9 } }`),
  );
  walk.edit('experiment.yaml', (text) => `${text}\n`);
  const night = await walk.type('npx expgraph run', { code: 1 });
  assert.match(night.stdout, /failed/);
  assert.ok(broken);

  const log = await walk.type('npx expgraph log');
  assert.match(log.stdout, /run/);
  const status = await walk.type('npx expgraph status', { code: 1 });
  assert.match(status.stdout, /failed/);
  await walk.type('npx expgraph show --failed');

  walk.edit('experiment.yaml', (text) => text.replace('error_rate: 0.9', 'error_rate: 0'));
  const morning = await walk.type('npx expgraph run --failed');
  assert.match(morning.stdout, /executed/);
  await walk.type('npx expgraph run');
  await walk.type('npx expgraph history');
}
