// A judge of scenarios that show files: told of them in words, or shown them where its prompt asks for them, over both kinds of wire.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { writeFiles } from '../rig/files.ts';
import { png } from '../rig/media.ts';
import { claudeAnswer } from '../rig/model-calls.ts';
import { type HeldRequest, type ModelServer, startModelServer } from '../rig/model-server.ts';
import { installPackages } from '../rig/packages.ts';
import { tempFolder } from '../rig/temp.ts';
import { VENDOR_ENV } from '../rig/vendor-experiment.ts';

const PICTURE = png(4, 4);
const VERDICT = '{"reason": "r", "score": 1}';

function experiment(folder: string, judge: string, providers: string): void {
  installPackages(folder);
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: judged
provider: sim
model: m
scenarios: [s.yaml]
variants: { one: {} }
providers: { ${providers} }
scorers: [{ judge: { provider: j, rubric: It is right., ${judge} }, name: seen }]
`,
    's.yaml': '- { id: a, input: [{ type: image, file: a.png }, { type: text, text: Which colour? }] }\n',
  });
  writeFileSync(path.join(folder, 'a.png'), PICTURE);
}

it('is sent the picture over the wire of its package, and told of it by no name', async () => {
  await using server = await startModelServer();
  const folder = tempFolder();
  experiment(
    folder,
    'model: claude-haiku-4-5, max_output_tokens: 100, prompt: "{{input}} {{files}} {{output}} {{rubric}}"',
    `j: { type: anthropic, base_url: "${server.url}", api_key_env: VENDOR_KEY, allow: [temperature] }`,
  );
  const running = cli(['run'], { cwd: folder, env: VENDOR_ENV });
  const asked = await firstOf(server, running);
  const [message] = asked.body.messages as unknown as readonly { readonly content: readonly object[] }[];
  expect(message!.content).toEqual([
    {
      type: 'text',
      text: expect.stringMatching(/^\[image 4x4 \d+ B\]\nWhich colour\? \[image 4x4 \d+ B\] /),
    },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PICTURE.toString('base64') } },
  ]);
  expect(JSON.stringify(asked.body)).not.toContain('a.png');
  asked.answer(claudeAnswer([{ type: 'text', text: VERDICT }], 'end_turn'));
  expect((await running).code).toBe(0);
  // Nothing is asked again, and no file of the store has the bytes of a picture as text.
  expect((await cli(['score'], { cwd: folder, env: VENDOR_ENV })).code).toBe(0);
  expect(server.requests).toHaveLength(1);
});

it('is told of it in words where its prompt does not ask for it', async () => {
  await using server = await startModelServer();
  const folder = tempFolder();
  experiment(folder, 'model: m', `j: { type: openai, base_url: "${server.url}" }`);
  const running = cli(['run'], { cwd: folder });
  const asked = await firstOf(server, running);
  const [message] = asked.body.messages as unknown as readonly { readonly content: string }[];
  expect(message!.content).toMatch(/<input>\n\[image 4x4 \d+ B\]\nWhich colour\?\n<\/input>/);
  asked.answer({
    ...{ id: 'x', object: 'chat.completion', created: 1, model: 'm' },
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: VERDICT } }],
  });
  expect((await running).code).toBe(0);
});

/** A run that ends before it asks says why. */
async function firstOf(server: ModelServer, running: ReturnType<typeof cli>): Promise<HeldRequest> {
  const ended = running.then(({ stderr, stdout }) => {
    throw new Error(stdout + stderr);
  });
  return Promise.race([server.next(), ended]);
}
