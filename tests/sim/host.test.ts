import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startSimInThread } from '../../src/sim/server/host.ts';
import { startSim } from '../../src/sim/server/sim.ts';
import { chatRequest, clientOf, DENTIST, quick } from './client.ts';

const statsOf = async ({ port }: { readonly port: number }): Promise<unknown> =>
  (await fetch(`http://127.0.0.1:${port}/sim/stats`)).json();

test('a simulation in a thread answers, counts, and is gone when it is closed', async () => {
  const sim = await startSimInThread(quick());
  const client = clientOf(sim.url);
  const completion = await client.chat.completions.create(chatRequest(DENTIST));
  expect(completion.system_fingerprint).toBe('expgraph-sim');
  expect(await statsOf(sim)).toMatchObject({ requests: 1, answered: 1 });
  expect(sim.url).toBe(`http://127.0.0.1:${sim.port}/v1`);
  await sim.close();
  await expect(client.models.list()).rejects.toThrow('Connection error');
  await sim.close();
});

test('two simulations play side by side, each with its own settings', async () => {
  await using sound = await startSimInThread(quick());
  await using broken = await startSimInThread(quick({ errorRate: 1 }));
  await clientOf(sound.url).chat.completions.create(chatRequest(DENTIST));
  await expect(clientOf(broken.url).chat.completions.create(chatRequest(DENTIST))).rejects.toThrow('500');
});

test('a running simulation does not keep its process alive', async () => {
  const script = `
    const { startSimInThread } = await import(${JSON.stringify(new URL('../../src/sim/server/host.ts', import.meta.url).href)});
    const sim = await startSimInThread(${JSON.stringify({ settings: quick() })});
    console.log((await fetch('http://127.0.0.1:' + sim.port + '/sim/stats')).status);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout).toBe('200\n');
});

test('a port that is taken is a rejection that says so', async () => {
  await using first = await startSim({ settings: quick() });
  await expect(startSim({ settings: quick(), port: first.port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
