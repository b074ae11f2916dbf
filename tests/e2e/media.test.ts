// Images, PDFs and sounds from a scenario file to what is kept: what a model is sent, what counts, and what becomes of an edit.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { editFile, filesBelow, jsonLines, writeFiles } from '../rig/files.ts';
import { PDF, png, wav } from '../rig/media.ts';
import { startModelServer } from '../rig/model-server.ts';
import { tempFolder } from '../rig/temp.ts';

const SCENARIOS = `
- id: seen
  input: [{ type: image, file: img/a.png }, { type: text, text: Which colour? }]
- id: read
  input:
    - { role: system, content: Be brief. }
    - role: user
      content: [{ type: pdf, file: ./doc.pdf }, { type: audio, file: a.wav }, { type: text, text: Sum it up. }]
- id: told
  input: No picture.
`;

function experimentIn(folder: string, more = '', variants = 'plain: {}'): void {
  writeFiles(folder, {
    'experiment.yaml': `version: 1\nname: shown\nprovider: sim\nmodel: m\nsim: { answers: answers.yaml }\nscenarios: [scenarios.yaml]\nvariants:\n  ${variants}\n${more}`,
    'scenarios.yaml': SCENARIOS,
    'answers.yaml': 'seen: Red.\nread: Nothing much.\ntold: "None."\n',
    'img/keep': '',
  });
  writeFileSync(path.join(folder, 'img/a.png'), png(64, 48));
  writeFileSync(path.join(folder, 'doc.pdf'), PDF);
  writeFileSync(path.join(folder, 'a.wav'), wav());
}

const recordsIn = (folder: string): readonly Record<string, never>[] =>
  filesBelow(path.join(folder, 'artifacts/shown/history'))
    .filter((name) => name.endsWith('_run1.jsonl'))
    .flatMap((name) => jsonLines(path.join(folder, 'artifacts/shown/history', name)))
    .filter(({ type }) => type === ('scenario_result' as never));

const blobsIn = (folder: string): readonly string[] =>
  filesBelow(path.join(folder, 'artifacts/shown/blobs')).map((file) => path.basename(file));

const pendingIn = async (folder: string): Promise<number> =>
  JSON.parse((await cli(['plan', '--json'], { cwd: folder })).stdout).pending;

it('keeps the reference in the record and the bytes beside it, once, before the record that names them', async () => {
  const folder = tempFolder();
  experimentIn(folder, 'runs: 2\n');
  const run = await cli(['run'], { cwd: folder });
  expect([run.code, run.stderr]).toEqual([0, expect.not.stringContaining('warning')]);
  const seen = recordsIn(folder).find(({ scenario }) => scenario === ('seen' as never)) as never as {
    readonly input: { readonly prompt: string; readonly messages: readonly object[] };
    readonly media: readonly { readonly sha256: string; readonly bytes: number }[];
  };
  const bytes = png(64, 48);
  expect(seen).toMatchObject({
    input: {
      prompt: '[image]\nWhich colour?',
      messages: [
        {
          role: 'user',
          content: [
            {
              ...{ type: 'image', file: 'img/a.png', media_type: 'image/png', bytes: bytes.length },
              ...{ width: 64, height: 48, sha256: seen.media[0]!.sha256 },
            },
            { type: 'text', text: 'Which colour?' },
          ],
        },
      ],
    },
    media: [{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), bytes: bytes.length }],
  });
  expect(blobsIn(folder)).toHaveLength(3);
  const { sha256 } = seen.media[0]!;
  const kept = path.join(folder, 'artifacts/shown/blobs/sha256', sha256.slice(0, 2), sha256);
  expect(readFileSync(kept).equals(bytes)).toBe(true);
  expect((await cli(['fsck'], { cwd: folder })).stdout).toContain('clean');
  for (const file of filesBelow(path.join(folder, 'artifacts/shown/history')))
    expect(readFileSync(path.join(folder, 'artifacts/shown/history', file), 'utf8')).not.toContain(
      bytes.toString('base64').slice(0, 40),
    );
  const shown = await cli(['show', '--scenario', 'seen', '--runs', '1'], { cwd: folder });
  expect(shown.stdout).toContain(`[image img/a.png 64x48 ${bytes.length} B]`);
});

it('draws again what reads an edited file, and nothing where one is renamed', async () => {
  const folder = tempFolder();
  experimentIn(folder);
  await cli(['run'], { cwd: folder });
  renameSync(path.join(folder, 'img/a.png'), path.join(folder, 'b.png'));
  editFile(path.join(folder, 'scenarios.yaml'), (text) => text.replace('img/a.png', 'b.png'));
  expect(await pendingIn(folder)).toBe(0);
  writeFileSync(path.join(folder, 'b.png'), png(64, 48, [0, 0, 200]));
  expect(await pendingIn(folder)).toBe(1);
  const { stdout } = await cli(['plan', '--explain'], { cwd: folder });
  expect(stdout).toContain('scenario.input[0].content[0].sha256 changed (seen)');
});

it('sends bytes that are true to the key, and pays for none that are not', async () => {
  await using server = await startModelServer();
  const folder = tempFolder();
  experimentIn(
    folder,
    `provider: gate\nproviders: { gate: { type: openai, base_url: "${server.url}", auth: none } }\nexecution: { concurrency: 1 }\n`,
  );
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text.replace(/provider: sim\nmodel: m\nsim: .*\n/, 'model: m\n'),
  );
  const running = cli(['run'], { cwd: folder });
  const first = await server.next();
  // All that waits behind the first call reads files that are others by now.
  writeFileSync(path.join(folder, 'img/a.png'), png(64, 48, [0, 0, 200]));
  rmSync(path.join(folder, 'doc.pdf'));
  first.answer(said('one'));
  const sent = [first];
  for (let open = true; open; ) {
    const next = await Promise.race([server.next(), running.then(() => null)]);
    open = next !== null;
    if (next === null) continue;
    sent.push(next);
    next.answer(said('more'));
  }
  const { code } = await running;
  const results = Object.fromEntries(
    recordsIn(folder).map((record) => [record.scenario, record.status]),
  ) as Record<string, string>;
  const asked = sent.map(({ body }) => JSON.stringify(body));
  const blue = png(64, 48, [0, 0, 200]).toString('base64');
  expect(asked.filter((text) => text.includes(blue))).toEqual([]);
  expect(asked.some((text) => text.includes('No picture.'))).toBe(true);
  expect(code).toBe(1);
  // Whichever came first was answered; what came after its edit was not sent, and no record says that it was.
  expect(sent.length).toBe(Object.values(results).filter((status) => status === 'completed').length);
  writeFileSync(path.join(folder, 'doc.pdf'), PDF);
  expect((await cli(['fsck'], { cwd: folder })).stdout).toContain('clean');
  expect(await pendingIn(folder)).toBeGreaterThanOrEqual(1);
});

function said(text: string): object {
  return {
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
    model: 'm',
  };
}

it('hands programs the parts with their path and digest, and believes no answer that was drawn while a file moved', async () => {
  const folder = tempFolder();
  experimentIn(folder, '', 'program: { command: [sh, answer.sh] }');
  writeFiles(folder, {
    'answer.sh': 'cat > "handed.$$.json"; printf \'{"text":"seen"}\'\n',
    'scenarios.yaml': '- id: seen\n  input: [{ type: image, file: img/a.png }]\n',
  });
  expect((await cli(['run'], { cwd: folder })).code).toBe(0);
  const handed = readdirSync(folder).find((name) => name.startsWith('handed.'))!;
  const task = JSON.parse(readFileSync(path.join(folder, handed), 'utf8'));
  const part = { type: 'image', file: 'img/a.png', media_type: 'image/png', sha256: expect.any(String) };
  expect(task).toMatchObject({ messages: [{ content: [part] }], scenario: { input: [{ content: [part] }] } });
  expect(blobsIn(folder)).toHaveLength(1);
  // The program itself writes the picture that it was asked about.
  writeFiles(folder, { 'answer.sh': 'cat > /dev/null; printf x >> img/a.png; printf \'{"text":"seen"}\'\n' });
  const again = await cli(['run'], { cwd: folder });
  expect(again.stdout + again.stderr).toMatch(/img\/a\.png.*was changed while tasks ran/);
  expect(await pendingIn(folder)).toBe(1);
});

it('archives the bytes with the last record that names them, brings them back, and says where they are lost', async () => {
  const folder = tempFolder();
  experimentIn(folder);
  await cli(['run'], { cwd: folder });
  const before = blobsIn(folder).toSorted();
  writeFileSync(path.join(folder, 'img/a.png'), png(64, 48, [0, 0, 200]));
  await cli(['run'], { cwd: folder });
  expect(blobsIn(folder)).toHaveLength(4);
  const gc = await cli(['gc', '--keep', '1', '--yes'], { cwd: folder });
  expect([gc.code, blobsIn(folder).length]).toEqual([0, 3]);
  expect((await cli(['fsck'], { cwd: folder })).stdout).toContain('clean');
  const [archive] = readdirSync(path.join(folder, 'artifacts/shown/archive'));
  await cli(['gc', '--restore', archive!], { cwd: folder });
  expect(blobsIn(folder)).toEqual(expect.arrayContaining(before));
  expect((await cli(['fsck'], { cwd: folder })).stdout).toContain('clean');
  const [lost] = before;
  rmSync(path.join(folder, 'artifacts/shown/blobs/sha256', lost!.slice(0, 2), lost!));
  const damage = await cli(['fsck'], { cwd: folder });
  expect(damage.stdout).toContain(`its blob ${lost} is missing`);
  // An answer that was paid for is not lost because a picture is.
  expect(await pendingIn(folder)).toBe(0);
  expect((await cli(['reindex'], { cwd: folder })).code).toBe(0);
  expect(await pendingIn(folder)).toBe(0);
});

it('counts pictures by a rule of their vendor before a run, and says where it does not know', async () => {
  const folder = tempFolder();
  experimentIn(folder);
  const plan = JSON.parse((await cli(['plan', '--json'], { cwd: folder })).stdout);
  expect(plan.estimate).toMatchObject({ input_tokens: null });
  const one = JSON.parse((await cli(['plan', '--json', '--scenario', 'seen'], { cwd: folder })).stdout);
  expect(one.estimate.input_tokens).toBeGreaterThan(255);
});

it('shows a name that would break lines as one line, everywhere', async () => {
  const folder = tempFolder();
  experimentIn(folder);
  const name = 'a\nb\u202e\u001b[31m.png';
  writeFileSync(path.join(folder, name), png(2, 2));
  writeFiles(folder, {
    'scenarios.yaml': JSON.stringify([{ id: 'odd', input: [{ type: 'image', file: name }] }]),
  });
  expect((await cli(['run'], { cwd: folder })).code).toBe(0);
  const { stdout } = await cli(['show', '--scenario', 'odd', '--runs', '1'], { cwd: folder });
  expect(stdout).toContain('[image a b\\u202e\\x1b[31m.png 2x2');
});
