// A viewer follows what others write: records of a run that goes on, scores, edits, new files.
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openView, type View } from '../../../src/project/view/open-view.ts';
import { editFile, writeFiles } from '../../rig/files.ts';
import { inProcess } from '../../rig/in-process.ts';
import { startModelServer } from '../../rig/model-server.ts';
import { tempFolder } from '../../rig/temp.ts';
import { testWorld } from '../../rig/world.ts';
import { edit, marksOf, run, screen, writeSmall } from './rig.ts';

const open = (folder: string): Promise<View> => openView(testWorld(folder), { file: 'experiment.yaml' });

/** Resolves at the first change after which `holds`; each change asks again, as a page does. */
function changesUntil(view: View, holds: () => Promise<boolean>): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      holds().then((isSo) => {
        if (!isSo) return;
        leave();
        resolve();
      }, reject);
    };
    const leave = view.onChange(look);
    look();
  });
}

const ANSWER = {
  ...{ id: 'x', object: 'chat.completion', created: 0, model: 'm' },
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'yes' } }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

it('a run of somebody else shows how far it is, then its answers, and in the end that it is over', async () => {
  await using server = await startModelServer();
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: small
provider: held
model: m
providers: { held: { type: openai, base_url: "${server.url}", api_key_env: KEY } }
variants: { a: {} }
scenarios: [scenarios.jsonl]
execution: { concurrency: 1 }
`,
    'scenarios.jsonl': '{"id":"one","input":"1"}\n{"id":"two","input":"2"}\n{"id":"three","input":"3"}\n',
  });
  using view = await open(folder);
  const ended = inProcess(['run'], { cwd: folder, env: { KEY: 'k' } });
  const isAt = (done: number): Promise<void> =>
    changesUntil(view, async () => (await screen(view, 'experiment')).running?.done === done);
  const first = await server.next();
  await isAt(0);
  expect((await screen(view, 'experiment')).running).toMatchObject({ total: 3 });
  first.answer(ANSWER);
  const second = await server.next();
  await isAt(1);
  expect((await screen(view, 'matrix')).counts).toMatchObject({ unjudged: 1, missing: 2 });
  expect((await screen(view, 'invocations')).invocations).toMatchObject([{ ended: 'running', executed: 1 }]);
  second.answer(ANSWER);
  (await server.next()).answer(ANSWER);
  expect((await ended).code).toBe(0);
  await changesUntil(view, async () => {
    const { running } = await screen(view, 'experiment');
    return running === null && (await screen(view, 'matrix')).counts.unjudged === 3;
  });
  expect((await screen(view, 'invocations')).invocations).toMatchObject([{ ended: 'complete', executed: 3 }]);
});

it('who asks without listening is answered by what the files say now', async () => {
  const folder = tempFolder();
  writeSmall(folder);
  using view = await open(folder);
  const before = view.revision();
  expect((await marksOf(view))[0]).toBe('pay:one missing missing | missing missing');
  await run(folder, '--scenario', 'pay:one');
  await expect.poll(async () => (await marksOf(view))[0]).toBe('pay:one passed passed | passed failed');
  expect(view.revision()).not.toBe(before);
  edit(folder, 'experiment.yaml', ['be short', 'be brief']);
  await expect.poll(async () => (await marksOf(view))[0]).toBe('pay:one stale stale | passed failed');
});

it('a file that the manifest names since shortly before somebody listened is followed as the others are', async () => {
  const folder = tempFolder();
  writeSmall(folder);
  using view = await open(folder);
  writeFiles(folder, { 'more.yaml': '- { id: "more:one", input: more }\n' });
  edit(folder, 'experiment.yaml', ['[scenarios.yaml]', '[scenarios.yaml, more.yaml]']);
  const isThere = (scenario: string): Promise<void> =>
    expect.poll(async () => (await marksOf(view)).some((row) => row.startsWith(scenario))).toBe(true);
  view.onChange(() => {});
  await isThere('more:one');
  // The first of these may be found by its time still, before files are watched.
  for (const next of ['two', 'three', 'four']) {
    editFile(path.join(folder, 'more.yaml'), () => `- { id: "more:${next}", input: more }\n`);
    await isThere(`more:${next}`);
  }
});

it('a scenario file that is new where a pattern looks is a row that is new', async () => {
  const folder = tempFolder();
  writeSmall(folder);
  edit(folder, 'experiment.yaml', ['[scenarios.yaml]', '["more/**/*.yaml", scenarios.yaml]']);
  writeFiles(folder, { 'more/first.yaml': '- { id: first, input: x }\n' });
  using view = await open(folder);
  const seen = changesUntil(view, async () => (await screen(view, 'matrix', { q: 'id:later' })).total === 1);
  writeFiles(folder, { 'more/deep/later.yaml': '- { id: later, input: y }\n' });
  await seen;
  expect((await screen(view, 'experiment')).scenarios).toBe(6);
});

it('what was judged elsewhere is told, and what edits change of the rule', async () => {
  const folder = tempFolder();
  writeSmall(folder);
  await run(folder, '--no-score');
  using view = await open(folder);
  expect((await marksOf(view))[0]).toBe('pay:one unjudged unjudged | unjudged unjudged');
  const judged = changesUntil(view, async () => (await marksOf(view))[0]!.includes('passed'));
  await inProcess(['score'], { cwd: folder });
  await judged;
  expect((await marksOf(view))[0]).toBe('pay:one passed passed | passed failed');
  const edited = changesUntil(view, async () => (await marksOf(view))[0]!.includes('unjudged'));
  editFile(path.join(folder, 'scenarios.yaml'), (text) => text.replace('"yes"', '"of course"'));
  await edited;
});

it('texts of new answers are found, and the file that is searched leaves nothing behind', async () => {
  const left = (): readonly string[] =>
    readdirSync(tmpdir()).filter((name) => name.startsWith('expgraph-search-'));
  const folder = tempFolder();
  writeSmall(folder);
  const before = left();
  {
    using view = await open(folder);
    expect((await screen(view, 'matrix', { q: '"of course"' })).total).toBe(0);
    await run(folder);
    await expect.poll(async () => (await screen(view, 'matrix', { q: '"of course"' })).total).toBe(1);
    expect(left()).toEqual(before);
  }
  expect(left()).toEqual(before);
});

it('nobody is told anything once he left', async () => {
  const folder = tempFolder();
  writeSmall(folder);
  using view = await open(folder);
  const told: string[] = [];
  const leave = view.onChange((revision) => told.push(revision));
  leave();
  const heard = changesUntil(view, async () => (await marksOf(view))[0]!.includes('passed'));
  await run(folder);
  await heard;
  expect(told).toEqual([]);
});
