// Files edited while the run that reads them is under way. The model is held by the row: the edit comes exactly between
// two answers.
import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunSummary } from '../../src/core/summary.ts';
import { editFile, tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';
import { type Ended, program, startProgram } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';
import { recordsByKey, writeExperiment } from '../rig/small-experiment.ts';

const SCENARIOS = 6;
const TASKS = 2 * SCENARIOS;

type Edit = {
  readonly name: string;
  readonly edit: (folder: string) => void;
  /** Tasks that the next plan finds stale. */
  readonly stale: number;
  /** What the warning names; null = there is none. */
  readonly says: string | null;
};

const manifest = (folder: string): string => path.join(folder, 'experiment.yaml');

const EDITS: readonly Edit[] = [
  {
    name: 'a prompt',
    edit: (folder) => editFile(manifest(folder), (text) => text.replace('"be 1"', '"be one"')),
    stale: SCENARIOS,
    says: 'was edited: variant v1',
  },
  {
    name: 'a scenario',
    edit: (folder) =>
      editFile(path.join(folder, 'scenarios.jsonl'), (text) => text.replace('"say 3"', '"say three"')),
    stale: 2,
    says: 'was edited: scenario s3',
  },
  {
    name: 'a comment',
    edit: (folder) => appendFileSync(manifest(folder), '# nothing\n'),
    stale: 0,
    says: null,
  },
];

export const row: Row = {
  name: 'edited-meanwhile',
  how: 'a prompt, a scenario, a comment, a whole manifest and a file under inputs: are edited while their tasks run',
  holds:
    'each record holds what was sent, under the key of what was sent; a warning names what moved; the next plan has exactly that; answers after a change of an input are kept and satisfy nothing',
  full: 6,
  unit: 'rounds',
  seconds: 40,
  async run({ count, random, isOver }) {
    let tried = 0;
    for (; tried < count && !isOver(); tried++) {
      for (const edit of EDITS) await edited(edit, 1 + Math.floor(random() * (TASKS - 4)));
      await broken();
      await inputChanged(2 + Math.floor(random() * 4));
    }
    return { tried, seen: `${tried * (EDITS.length + 2)} edits` };
  },
};

function write(folder: string, server: ModelServer, more: readonly string[] = []): void {
  writeExperiment(folder, {
    variants: 2,
    scenarios: SCENARIOS,
    runs: 1,
    concurrency: 2,
    sim: `{ type: openai, base_url: "${server.url}", model: m }`,
    more: ['model: m', ...more],
  });
}

/** Runs with `answered` answers before the edit and all others after it. */
async function runWith(at: {
  readonly cwd: string;
  readonly server: ModelServer;
  readonly answered: number;
  readonly edit: () => void;
}): Promise<Ended> {
  const { server } = at;
  const { ended } = startProgram(['run', '--json'], { cwd: at.cwd });
  for (let i = 0; i < at.answered; i++) (await server.next()).answer(chatAnswer('yes'));
  const held = await server.next();
  at.edit();
  held.answer(chatAnswer('yes'));
  void answerAll(server);
  return await ended;
}

async function answerAll(server: ModelServer): Promise<void> {
  for (;;) (await server.next()).answer(chatAnswer('yes'));
}

async function edited({ name, edit, stale, says }: Edit, answered: number): Promise<void> {
  await using server = await startModelServer();
  await withFolder(async (cwd) => {
    write(cwd, server);
    const { code, stdout, stderr } = await runWith({ cwd, server, answered, edit: () => edit(cwd) });
    assert.equal(code, 0, `${name}: ${tail(stderr)}`);
    assert.equal((JSON.parse(stdout) as RunSummary).executed, TASKS);
    if (says === null) assert.doesNotMatch(stderr, /edited/, name);
    else assert.ok(stderr.includes(says), `${name}: no warning in ${tail(stderr)}`);
    const records = [...recordsByKey(cwd).values()].map(([line]) => JSON.parse(line!));
    for (const { variant, scenario, input } of records) {
      const sent = input.messages.map((message: { content: string }) => message.content);
      assert.deepEqual(sent, [`be ${variant.slice(1)}`, `say ${scenario.slice(1)}`], name);
    }
    const fsck = await program(['fsck'], { cwd });
    assert.equal(fsck.code, 0, fsck.stdout);
    const plan = JSON.parse((await program(['plan', '--json'], { cwd })).stdout);
    assert.deepEqual([plan.pending, plan.stale], [stale, stale], name);
  });
}

async function broken(): Promise<void> {
  await using server = await startModelServer();
  await withFolder(async (cwd) => {
    write(cwd, server);
    const edit = (): void => writeFileSync(manifest(cwd), 'version: [');
    const { code, stderr } = await runWith({ cwd, server, answered: 3, edit });
    assert.equal(code, 0, tail(stderr));
    assert.match(stderr, /cannot be read any more/);
    assert.equal(recordsByKey(cwd).size, TASKS);
  });
}

async function inputChanged(answered: number): Promise<void> {
  await using server = await startModelServer();
  await withFolder(async (cwd) => {
    write(cwd, server, ['inputs: [fixture.txt]']);
    writeFileSync(path.join(cwd, 'fixture.txt'), 'one');
    const edit = (): void => writeFileSync(path.join(cwd, 'fixture.txt'), 'two');
    const { code, stdout, stderr } = await runWith({ cwd, server, answered, edit });
    assert.equal(code, 1, tail(stderr));
    const summary = JSON.parse(stdout) as RunSummary;
    assert.equal(summary.how, 'halted');
    assert.match(summary.why!, /fixture\.txt .under inputs. was changed while tasks ran/);
    const records = [...recordsByKey(cwd).values()].map(([line]) => JSON.parse(line!));
    assert.equal(records.length, server.requests.length, 'every answer is kept');
    const failed = records.filter(({ status }) => status === 'failed');
    assert.ok(failed.length >= 1);
    assert.ok(records.length - failed.length <= answered + 1);
    for (const { attempts, output } of failed) {
      assert.equal(attempts.at(-1).error.kind, 'inputs-changed');
      assert.equal(output.text, 'yes');
    }
    const again = await program(['run', '--json'], { cwd });
    assert.equal(again.code, 0, tail(again.stderr));
    assert.equal((JSON.parse(again.stdout) as RunSummary).executed, TASKS, 'the input is in every key');
  });
}
