// Files of inputs over wires that other packages speak, and in batches: what goes out, and what is kept of it.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { batchExperiment } from '../rig/batch-experiment.ts';
import { cli } from '../rig/cli.ts';
import { writeFiles } from '../rig/files.ts';
import { PDF, png } from '../rig/media.ts';
import { chatAnswer, geminiAnswer } from '../rig/model-calls.ts';
import { startModelServer } from '../rig/model-server.ts';
import { tempFolder } from '../rig/temp.ts';
import { VENDOR_ENV, vendorExperiment, viewOf } from '../rig/vendor-experiment.ts';

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

const BASE64 = { png: png(4, 4).toString('base64'), pdf: PDF.toString('base64') };

it.each([
  {
    ...{ type: 'google', model: 'gemini-2.5-flash', path: '/v1/models/gemini-2.5-flash:generateContent' },
    said: ({ contents }: JsonObject) => contents,
    parts: [
      {
        role: 'user',
        parts: [
          { inlineData: { mimeType: 'image/png', data: BASE64.png } },
          { inlineData: { mimeType: 'application/pdf', data: BASE64.pdf } },
          { text: 'What is this?' },
        ],
      },
    ],
    answer: geminiAnswer([{ text: 'A square.' }]),
  },
  {
    ...{ type: 'mistral', model: 'mistral-small-latest', path: '/v1/chat/completions' },
    said: ({ messages }: JsonObject) => messages,
    parts: [
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: `data:image/png;base64,${BASE64.png}` },
          { type: 'document_url', document_url: `data:application/pdf;base64,${BASE64.pdf}` },
          { type: 'text', text: 'What is this?' },
        ],
      },
    ],
    answer: chatAnswer('A square.'),
  },
] as const)('sends them through the true package of $type as its API takes them', async (vendor) => {
  await using server = await startModelServer();
  const folder = tempFolder();
  vendorExperiment(folder, {
    ...{ type: vendor.type as 'google' | 'mistral', url: server.url, model: vendor.model },
    ...{ lines: ['variants: { a: {} }'], scenarios: [{ id: 'seen', input: PARTS as never }] },
  });
  writeFileSync(path.join(folder, 'a.png'), png(4, 4));
  writeFileSync(path.join(folder, 'b.pdf'), PDF);
  const running = cli(['run', '--json'], { cwd: folder, env: VENDOR_ENV });
  const ended = running.then(({ stdout, stderr }) => {
    throw new Error(stdout + stderr);
  });
  const asked = await Promise.race([server.next(), ended]);
  expect(asked.path).toBe(vendor.path);
  expect(vendor.said(asked.body)).toEqual(vendor.parts);
  expect(JSON.stringify(asked.body)).not.toMatch(/a\.png|b\.pdf|sha256/);
  asked.answer(vendor.answer);
  expect((await running).code).toBe(0);
  const [{ record }] = viewOf(folder) as [ReturnType<typeof viewOf>[number]];
  expect(record).toMatchObject({ output: { text: 'A square.' }, media: [{}, {}] });
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
