// After a failure at night: the terminal was closed, then the provider broke down; in the morning somebody asks what is there and goes on.
import assert from 'node:assert/strict';
import type { Walk } from './walk.ts';

export async function afterANight(walk: Walk): Promise<void> {
  await walk.type('npx expgraph init');
  walk.edit('experiment.yaml', (text) =>
    text
      .replace(/^providers:$/m, 'providers:\n  sim: { type: sim, sim: { latency_ms: 300, error_rate: 0.3 } }')
      .replace('retries: 4', 'retries: 0'),
  );
  // The window is closed in the middle; what was asked is paid for, and kept.
  await walk.inTerminal('npx expgraph run', {
    code: null,
    use: async (terminal) => {
      await terminal.showing('baseline');
      terminal.close();
    },
  });
  await walk.type('npx expgraph run --wait', { code: 1 });

  const log = await walk.type('npx expgraph log');
  assert.match(log.stdout, /SIGHUP|hang-up|terminal/i);
  const status = await walk.type('npx expgraph status', { code: 1 });
  assert.match(status.stdout, /failed/);
  const failed = await walk.type('npx expgraph show --failed');
  assert.match(failed.stdout, /500/);

  walk.edit('experiment.yaml', (text) => text.replace('error_rate: 0.3', 'error_rate: 0'));
  const morning = await walk.type('npx expgraph run --failed');
  assert.match(morning.stdout, /executed/);
  const rest = await walk.type('npx expgraph run');
  assert.match(rest.stdout, /120 cached/);
  await walk.type('npx expgraph log');
}
