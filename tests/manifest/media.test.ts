// Files in messages: read by their bytes, from the experiment's folder and nowhere else, with mistakes that point at the part.
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { GIF, PDF, png, SVG, wav } from '../rig/media.ts';
import { load, loadFolder, makeFolder, manifestOf } from './folder.ts';

const HEAD = 'version: 1\nname: demo\nprovider: sim\nmodel: m\nscenarios: [s.*]\nvariants:\n  one: {}\n';
const FILES = { 'img/a.png': png(4, 3), 'b.gif': GIF, 'c.pdf': PDF, 'd.wav': wav() };

const asked = async (scenarios: string, more: object = {}, name = 's.yaml') => {
  const { scenarios: found } = await manifestOf({
    'experiment.yaml': HEAD,
    [name]: scenarios,
    ...FILES,
    ...more,
  });
  return found.map(({ input }) => input);
};

describe('a list of parts', () => {
  it('is one message of the user, each file by its content', async () => {
    const [input] = await asked(
      '- { id: a, input: [{ type: image, file: ./img/a.png }, { type: text, text: "What?" }] }',
    );
    expect(input).toEqual([
      {
        role: 'user',
        content: [
          {
            ...{
              type: 'image',
              file: 'img/a.png',
              media_type: 'image/png',
              bytes: FILES['img/a.png'].length,
            },
            ...{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), width: 4, height: 3 },
          },
          { type: 'text', text: 'What?' },
        ],
      },
    ]);
  });

  it('is the same in JSON, in lines, behind a map and in the defaults of a file', async () => {
    const parts = [
      { type: 'pdf', file: 'c.pdf' },
      { type: 'audio', file: 'd.wav' },
    ];
    const [first] = await asked(JSON.stringify([{ id: 'a', input: parts }]), {}, 's.json');
    const [line] = await asked(JSON.stringify({ id: 'a', input: parts }), {}, 's.jsonl');
    const [shared] = await asked(
      JSON.stringify({ defaults: { input: parts }, scenarios: [{ id: 'a' }] }),
      {},
      's.json',
    );
    const mapped = await manifestOf({
      'experiment.yaml': HEAD.replace('[s.*]', '{ files: s.jsonl, map: { id: no, input: asked } }'),
      's.jsonl': JSON.stringify({ no: 'a', asked: parts }),
      ...FILES,
    });
    expect([line, shared, mapped.scenarios[0]!.input]).toEqual([first, first, first]);
    expect(first).toMatchObject([
      { content: [{ media_type: 'application/pdf' }, { media_type: 'audio/wav' }] },
    ]);
  });

  it('may be files alone, or texts alone', async () => {
    const inputs = await asked(
      '- { id: a, input: [{ type: image, file: b.gif }] }\n- { id: b, input: [{ type: text, text: x }] }',
    );
    expect(inputs).toMatchObject([
      [{ role: 'user', content: [{ type: 'image', width: 3, height: 2 }] }],
      [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
    ]);
  });
});

describe('a conversation and a prompt', () => {
  it('may hold files, beside parts of a wire that are passed on as they are', async () => {
    const theirs = [
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
      { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } },
    ];
    const content = [...theirs, { type: 'image', file: 'img/a.png' }, { type: 'text', text: 'x' }];
    const [input] = await asked(
      JSON.stringify([{ id: 'a', input: [{ role: 'user', content }] }]),
      {},
      's.json',
    );
    expect(input).toMatchObject([{ content: [...theirs, { media_type: 'image/png' }, { text: 'x' }] }]);
  });

  it('of a template are read alike, from the manifest and from a file of messages', async () => {
    const message =
      '{ role: user, content: [{ type: image, file: b.gif }, { type: text, text: "{{input}}" }] }';
    const { variants } = await manifestOf({
      ...{ 's.yaml': '- { id: a, input: hi }', ...FILES, 'prompts/p.yaml': `- ${message}\n` },
      'experiment.yaml': HEAD.replace(
        'one: {}',
        `one: { template: [${message}] }\n  two: { template: { file: prompts/p.yaml } }`,
      ),
    });
    expect(variants.map(({ template }) => template)).toMatchObject(
      variants.map(() => [{ content: [{ file: 'b.gif', media_type: 'image/gif' }, { text: '{{input}}' }] }]),
    );
  });
});

it('lists each file among those that the manifest was read from', async () => {
  const { manifest, folder } = await load({
    ...{
      'experiment.yaml': HEAD,
      's.yaml': '- { id: a, input: [{ type: image, file: img/a.png }] }',
      ...FILES,
    },
  });
  expect(manifest?.sources.map((file) => path.relative(folder, file))).toEqual([
    ...['experiment.yaml', 's.yaml', 'img/a.png'],
  ]);
});

it('reads a file once, however many scenarios show it', async () => {
  const scenarios = Array.from({ length: 200 }, (_, i) => ({
    id: `s${i}`,
    input: [{ type: 'image', file: i % 2 === 0 ? 'big.png' : './big.png' }],
  }));
  const big = Buffer.concat([png(4, 4), Buffer.alloc(5_000_000)]);
  const began = process.cpuUsage();
  await asked(JSON.stringify(scenarios), { 'big.png': big }, 's.json');
  // Two hundred times five megabytes would be a second of hashing at the least.
  expect(process.cpuUsage(began).user / 1e6).toBeLessThan(1);
});

describe('a mistake', () => {
  const mistakes = async (folder: string): Promise<readonly string[]> =>
    (await loadFolder(folder)).diagnostics.map(
      ({ code, message, location }) => `${location?.line}:${location?.column} ${code}: ${message}`,
    );
  const written = (...inputs: readonly string[]): string =>
    makeFolder({
      'experiment.yaml': HEAD,
      's.yaml': inputs.map((input, i) => `- { id: s${i}, input: ${input} }\n`).join(''),
      ...FILES,
      'zero.png': '',
      'script.png': SVG,
      'note.wav': 'not a sound',
    });

  it('points at the file that is not there, or is another thing than it is said to be', async () => {
    const folder = written(
      ...[
        '[{ type: image, file: img/b.png }]',
        '[{ type: image, file: c.pdf }]',
        '[{ type: pdf, file: b.gif }]',
      ],
      ...['[{ type: image, file: zero.png }]', '[{ type: image, file: script.png }]'],
      ...['[{ type: audio, file: note.wav }]', '[{ type: image, file: img }]'],
    );
    expect(await mistakes(folder)).toEqual([
      '1:42 not-found: "img/b.png" does not exist',
      '2:42 wrong-kind: "c.pdf" is wanted as image, but begins like a PDF',
      '3:40 wrong-kind: "b.gif" is wanted as pdf, but begins like a GIF',
      '4:42 empty-file: "zero.png" is empty',
      '5:42 wrong-kind: "script.png" is an SVG, which is a program for a browser and which no model takes',
      '6:42 wrong-kind: "note.wav" is text',
      '7:42 not-a-file: "img" is a folder, not a file',
    ]);
  });

  it('is whatever lies outside of the folder, by its path or behind a link', async () => {
    const folder = written(
      '[{ type: image, file: ../a.png }]',
      '[{ type: image, file: /etc/passwd }]',
      '[{ type: image, file: img/../../x.png }]',
      '[{ type: image, file: link.png }]',
      '[{ type: image, file: "a\\0b.png" }]',
    );
    symlinkSync('/etc/passwd', path.join(folder, 'link.png'));
    expect(await mistakes(folder)).toEqual([
      `1:42 outside-folder: "../a.png" lies outside of the experiment's folder`,
      `2:42 outside-folder: "/etc/passwd" lies outside of the experiment's folder`,
      `3:42 outside-folder: "img/../../x.png" lies outside of the experiment's folder`,
      `4:42 link-leaves: "link.png" is a link that leads out of the experiment's folder`,
      '5:42 not-found: "a\\u0000b.png" does not exist: the path holds a NUL character',
    ]);
  });

  it('is a pipe and a device, and neither is waited for', async () => {
    const folder = written('[{ type: image, file: pipe.png }]', '[{ type: image, file: device.png }]');
    execFileSync('mkfifo', [path.join(folder, 'pipe.png')]);
    symlinkSync('/dev/zero', path.join(folder, 'device.png'));
    expect(await mistakes(folder)).toEqual([
      '1:42 not-a-file: "pipe.png" is not a regular file',
      '2:42 not-a-file: "device.png" is not a regular file',
    ]);
  });

  it('is a file that no vendor takes, and files that are too much together', async () => {
    const folder = written(
      '[{ type: image, file: large.png }]',
      '[{ type: pdf, file: one.pdf }, { type: pdf, file: two.pdf }]',
    );
    writeFileSync(path.join(folder, 'large.png'), Buffer.concat([png(1, 1), Buffer.alloc(20_000_001)]));
    for (const name of ['one.pdf', 'two.pdf'])
      writeFileSync(path.join(folder, name), Buffer.concat([PDF, Buffer.alloc(30_000_000)]));
    expect(await mistakes(folder)).toEqual([
      '1:42 too-large: "large.png" is 21 MB large; the limit is 20 MB',
      '2:13 too-large: the files of these messages have 61 MB; the limit is 50 MB',
    ]);
  });

  it('is a part that is neither text nor a file, or stands where no file may stand', async () => {
    const folder = written(
      ...[
        '[{ type: image }]',
        '[{ type: text }]',
        '[{ type: text, text: x, file: c.pdf }]',
        '[{ type: img, file: b.gif }]',
      ],
      ...['[{ type: pdf, file: c.pdf }, { role: user, content: x }]'],
      ...['[{ role: system, content: [{ type: image, file: b.gif }] }]'],
      ...['[{ role: user, content: [{ type: image, file: b.gif, detail: low }] }]'],
      ...[`[{ role: user, content: [{ type: image, sha256: ${'a'.repeat(64)}, media_type: image/png }] }]`],
    );
    const found = (await mistakes(folder)).map((one) => one.replace(/^\d+:\d+ /, ''));
    expect(found).toEqual([
      'missing-key: a part of type image has no "file"',
      'missing-key: a part of type text has no "text"',
      'unknown-key: a part of type text names a file',
      'wrong-value: "type" must be one of text, image, pdf, audio, not the text "img"',
      'missing-key: "role" is missing',
      'missing-key: "content" is missing',
      "not-of-user: a file stands in a message that is not the user's",
      'unknown-key: unknown key "detail" beside a file',
      'unknown-key: unknown key "sha256" beside a file',
    ]);
  });

  it('is a sound for an API that takes none, before anything is paid', async () => {
    const { printed } = await load({
      ...FILES,
      'experiment.yaml': `${HEAD.replace('provider: sim', 'provider: o')}providers: { o: { type: openai, api: responses, api_key_env: K } }\n`,
      's.yaml': '- { id: a, input: [{ type: audio, file: d.wav }] }\n',
    });
    expect(printed).toContain(
      'the scenario "a" shows a sound, and the responses API of o, which "one" asks, takes none',
    );
    expect(printed).toContain('help: it takes image, pdf; api: chat takes audio as well');
  });

  it('is a PDF for a judge whose wire takes none, where the judge is shown files', async () => {
    const judged = (prompt: string) =>
      load({
        ...FILES,
        'experiment.yaml': `${HEAD}providers: { g: { type: groq, api_key_env: K } }\nscorers: [{ judge: { provider: g, model: m, rubric: r, prompt: "${prompt}" }, name: seen }]\n`,
        's.yaml': '- { id: a, input: [{ type: pdf, file: c.pdf }] }\n',
      });
    const { printed } = await judged('{{files}} {{output}}');
    expect(printed).toContain('the scenario "a" shows a PDF, and g, which the judge "seen" asks, takes none');
    expect(printed).toContain('without {{files}} in its prompt the judge is told of files in words');
    expect((await judged('{{input}} {{output}}')).printed).not.toContain('takes none');
  });
});
