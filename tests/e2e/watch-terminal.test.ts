// expgraph watch in a terminal: one screen that is drawn anew, keys, and questions.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sample } from '../rig/cli.ts';
import { editFile } from '../rig/files.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';
import { writeExperiment } from '../rig/small-experiment.ts';
import { tempFolder } from '../rig/temp.ts';
import { HAS_TERMINAL, startInTerminal } from '../rig/terminal.ts';

const CLEARED = '\x1b[H\x1b[J';
const REST = 'Watching 10 files · Enter: run what failed or is left · q: leave';

function costly(folder: string, server: ModelServer): void {
  writeExperiment(folder, {
    ...{ variants: 1, scenarios: 2, runs: 1, concurrency: 2 },
    sim: `{ type: openai, base_url: "${server.url}", model: m, pricing: { m: { input: 1, output: 100000 } } }`,
    more: ['model: m', 'max_output_tokens: 100'],
  });
}

async function answer(server: ModelServer, count: number): Promise<void> {
  for (let i = 0; i < count; i++) (await server.next()).answer(chatAnswer('yes'));
}

const edit = (folder: string, name: string, from: string, to: string): void =>
  editFile(path.join(folder, name), (text) => text.replace(from, to));

describe.skipIf(!HAS_TERMINAL)('in a terminal (needs python3 with pty)', { timeout: 60_000 }, () => {
  it('draws each round on one screen: what was saved, why, the estimate, the table', async () => {
    const folder = tempFolder();
    await sample(folder);
    const watch = startInTerminal(['watch'], { cwd: folder });
    await watch.showing('120 of 120 tasks to run');
    await watch.showing(REST);
    edit(folder, 'scenarios/ambiguous.yaml', 'gym for 7 on Wednesday', 'gym for 7 on Friday');
    await watch.showing(CLEARED);
    await watch.showing('saved: scenarios/ambiguous.yaml');
    await watch.showing('6 of 120 tasks to run: baseline 3, applike 3 · 1 scenario');
    await watch.showing('"Book the gym for 7 on Friday."');
    await watch.showing('Estimate: 6 calls');
    await watch.showing('120 tasks: 6 executed, 114 cached');
    await watch.showing('SIMULATION');
    await watch.showing(REST);
    edit(folder, 'experiment.yaml', 'runs: 3', 'runs: three');
    await watch.showing(CLEARED);
    await watch.showing('"runs" must be a whole number, not the text "three"');
    await watch.showing(REST);
    watch.press('q');
    expect(await watch.code).toBe(0);
  });

  it('asks before what costs much, and takes the question back when a file is saved', async () => {
    await using server = await startModelServer();
    const folder = tempFolder();
    costly(folder, server);
    const watch = startInTerminal(['watch'], { cwd: folder });
    await watch.showing('is above watch.confirm_usd ($0.5000)? [y/N]');
    edit(folder, 'scenarios.jsonl', 'say 0', 'tell 0');
    await watch.showing(CLEARED);
    await watch.showing('[y/N]');
    watch.press('n\r');
    await watch.showing('Watching 2 files');
    watch.press('\r');
    await watch.showing('[y/N]');
    expect(server.requests).toHaveLength(0);
    watch.press('y\r');
    await answer(server, 2);
    await watch.showing('2 tasks: 2 executed');
    await watch.showing('Watching 2 files');
    watch.press('\x03');
    expect(await watch.code).toBe(0);
  });

  it('runs what failed again when Enter is pressed, and not before', async () => {
    await using server = await startModelServer();
    const folder = tempFolder();
    costly(folder, server);
    const watch = startInTerminal(['watch', '--yes'], { cwd: folder });
    for (let i = 0; i < 2; i++) (await server.next()).answer({ error: { message: 'no' } }, { status: 400 });
    await watch.showing('2 failed');
    await watch.showing('Watching 2 files');
    editFile(path.join(folder, 'experiment.yaml'), (text) => `${text}# a comment\n`);
    await watch.showing('2 tasks failed before and are left out');
    await watch.showing('Watching 2 files');
    watch.press('r');
    await answer(server, 2);
    await watch.showing('2 tasks: 2 executed, 0 cached, 0 failed');
    await watch.showing('Watching 2 files');
    expect(server.requests).toHaveLength(4);
    watch.press('q');
    expect(await watch.code).toBe(0);
  });

  it('stops a run as Ctrl-C does when q is pressed, and leaves then', async () => {
    await using server = await startModelServer();
    const folder = tempFolder();
    costly(folder, server);
    const watch = startInTerminal(['watch', '--yes'], { cwd: folder });
    const held = [await server.next(), await server.next()];
    watch.press('q');
    await watch.showing('Stopping: calls in flight may finish and are kept');
    for (const call of held) call.answer(chatAnswer('yes'));
    await watch.showing('2 tasks: 2 executed');
    expect(await watch.code).toBe(130);
  });
});
