// A worker does what its own manifest says, whoever wrote the order: other code, another server or another address is not done.
import { expect, it } from 'vitest';
import type { Order } from '../../src/core/order.ts';
import { openExperiment } from '../../src/project/open/experiment.ts';
import { makeOwnOrders } from '../../src/project/queue/own-orders.ts';
import { makeOrder } from '../../src/variants/request.ts';
import { writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';
import { testWorld } from '../rig/world.ts';

const FILES = {
  'experiment.yaml': `
version: 1
name: own
runs: 1
model: m
scenarios: [scenarios.jsonl]
providers:
  p: { type: openai, base_url: "http://127.0.0.1:9/v1", api_key_env: KEY, headers: { x: "\${TOKEN}" } }
  played: { type: sim }
variants:
  call: { provider: p }
  played: { provider: played }
  program: { provider: p, command: [node, program.mjs] }
`,
  'scenarios.jsonl': '{"id":"one","input":"say it"}\n',
  'program.mjs': '',
};

async function orders(): Promise<{
  readonly of: (variant: string, address?: string) => Order;
  readonly strange: (order: unknown) => string | null;
}> {
  const folder = tempFolder();
  writeFiles(folder, FILES);
  const experiment = await openExperiment(testWorld(folder, { KEY: 'k', TOKEN: 't' }), 'experiment.yaml');
  const { manifest } = experiment;
  return {
    strange: makeOwnOrders(experiment) as (order: unknown) => string | null,
    of(name, address) {
      const variant = manifest.variants.find((one) => one.name === name)!;
      const order = makeOrder({
        ...{
          variant,
          provider: manifest.providers[variant.provider]!,
          scenario: manifest.scenarios[0]!,
          run: 1,
        },
        ...{ key: 'k' as Order['key'], attempt: 1, timeoutMs: 1_000, address },
      });
      // As it arrives.
      return JSON.parse(JSON.stringify(order)) as Order;
    },
  };
}

it('its own orders are done, also those of a simulation that a run has started somewhere', async () => {
  const { of, strange } = await orders();
  for (const order of [of('call'), of('program'), of('played', 'http://127.0.0.1:4444/v1')])
    expect(strange(order)).toBeNull();
});

it('an order that sends a key elsewhere is not done', async () => {
  const { of, strange } = await orders();
  const order = of('call');
  const elsewhere = { ...order, endpoint: { ...order.endpoint, baseUrl: 'http://evil.example/v1' } };
  expect(strange(elsewhere)).toBe('the order of variant call asks at another address than the manifest here');
  const header = { ...order, endpoint: { ...order.endpoint, headers: { x: '${HOME}' } } };
  expect(strange(header)).toContain('another address');
});

it('an order that names another program, or a variant that is not here, is not done', async () => {
  const { of, strange } = await orders();
  const order = of('program');
  const other = {
    ...order,
    work: { ...order.work!, harness: { ...order.work!.harness, argv: ['rm', '-rf', '/'] } },
  };
  expect(strange(other)).toBe('the order of variant program names other code than the manifest here');
  expect(strange({ ...of('call'), work: order.work })).toContain('names other code');
  expect(strange({ ...order, cell: { ...order.cell, variant: 'gone' } })).toBe(
    'there is no variant gone here',
  );
  expect(strange({ ...of('call'), mcp: { command: ['sh'], seen: null } })).toContain('another MCP server');
});
