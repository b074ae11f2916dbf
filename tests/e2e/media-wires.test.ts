// Files of inputs over wires that other packages speak, and in batches: what goes out, and what is kept of it.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { batchExperiment } from '../rig/batch-experiment.ts';
import { cli } from '../rig/cli.ts';
import { writeFiles } from '../rig/files.ts';
import { PDF, png } from '../rig/media.ts';
import { startModelServer } from '../rig/model-server.ts';
import { tempFolder } from '../rig/temp.ts';
import { VENDOR_ENV, vendorExperiment } from '../rig/vendor-experiment.ts';

const PARTS = [
  { type: 'image', file: 'a.png' },
  { type: 'pdf', file: 'b.pdf' },
  { type: 'text', text: 'What is this?' },
];

it('sends them to Claude through its own package, with no name and no size of ours', async () => {
  await using server = await startModelServer();
  const folder = tempFolder();
  vendorExperiment(folder, {
    ...{ type: 'anthropic', url: server.url, model: 'claude-haiku-4-5' },
    ...{ lines: ['variants: { a: {} }'], scenarios: [{ id: 'seen', input: PARTS as never }] },
  });
  writeFileSync(path.join(folder, 'a.png'), png(4, 4));
  writeFileSync(path.join(folder, 'b.pdf'), PDF);
  const running = cli(['run', '--json'], { cwd: folder, env: VENDOR_ENV });
  const asked = await server.next();
  const [message] = asked.body.messages as unknown as readonly { readonly content: readonly object[] }[];
  expect(message!.content).toEqual([
    {
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: png(4, 4).toString('base64') },
    },
    {
      type: 'document',
      source: { type: 'base64', media_type: 'application/pdf', data: PDF.toString('base64') },
    },
    { type: 'text', text: 'What is this?' },
  ]);
  asked.answer({
    ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-haiku-4-5', stop_sequence: null },
    ...{ content: [{ type: 'text', text: 'A square.' }], stop_reason: 'end_turn' },
    usage: { input_tokens: 20, output_tokens: 4 },
  });
  expect((await running).code).toBe(0);
});

it('puts their bytes into the lines of a batch, and nowhere else', async () => {
  await using e = await batchExperiment({ variants: ['one: {}'] });
  e.vendor.endsAtOnce = true;
  writeFiles(e.cwd, {
    'scenarios.jsonl': `${JSON.stringify({ id: 'seen', input: [PARTS[0], PARTS[2]] })}\n`,
  });
  writeFileSync(path.join(e.cwd, 'a.png'), png(4, 4));
  const { code } = await e.run();
  expect(code).toBe(0);
  const [item] = e.vendor.batches[0]!.items;
  expect(item!.body.messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url: `data:image/png;base64,${png(4, 4).toString('base64')}` } },
        { type: 'text', text: 'What is this?' },
      ],
    },
  ]);
  expect(e.records()).toMatchObject([{ media: [{ bytes: png(4, 4).length }] }]);
  expect((await cli(['fsck'], { cwd: e.cwd })).stdout).toContain('clean');
});
