// Whoever reads during a run: never blocked, never in the way, and nothing that was seen once disappears.
import assert from 'node:assert/strict';
import path from 'node:path';
import { openReader } from '../../src/cache/index/reader.ts';
import { until } from '../rig/appears.ts';
import { tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { type ModelServer, startModelServer } from '../rig/model-server.ts';
import { program, startProgram } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';
import { ARTIFACTS, acknowledgedKeys, tasksOf, writeExperiment } from '../rig/small-experiment.ts';
import { serve } from '../rig/story.ts';

const EXPERIMENT = { variants: 4, scenarios: 200, runs: 1, concurrency: 8, sim: '' } as const;
/** As many as are under way at once, or fewer: each is then written for certain. */
const AT_A_TIME = 4;
/** Readings in this process between two of the program. */
const READINGS = 5;

/** Commands that only read, and the exit codes that they have while a run is going on. */
const COMMANDS: readonly { readonly args: readonly string[]; readonly codes: readonly number[] }[] = [
  { args: ['plan'], codes: [0] },
  { args: ['status'], codes: [0, 1] },
  { args: ['history', 'v0/s1'], codes: [0] },
  { args: ['show', 'v0/s1/1'], codes: [0, 2] },
  { args: ['diff', '1'], codes: [0, 2] },
  { args: ['fsck'], codes: [0] },
];

export const row: Row = {
  name: 'reader-during-writer',
  how: 'plan, status, history, show, diff and fsck, and a reader in this process, again and again while runs are going on',
  holds:
    'no reader is blocked or fails on the growing end; exit codes are the documented ones; a record that was seen is seen from then on; the run completes undisturbed',
  full: 300,
  unit: 'readings',
  seconds: 30,
  async run({ count, isOver }) {
    await using server = await startModelServer();
    let tried = 0;
    let growing = 0;
    let runs = 0;
    while (tried < count && !isOver()) {
      runs++;
      await withFolder(async (cwd) => {
        writeExperiment(cwd, { ...EXPERIMENT, sim: `{ type: sim, base_url: "${server.url}" }` });
        const answers = makeAnswers(server);
        const events = path.join(cwd, 'events.jsonl');
        const { child, ended } = startProgram(['run', '--events', events], { cwd });
        try {
          answers.give(AT_A_TIME);
          let before = 0;
          const read = (): void => {
            const now = readAll(path.join(cwd, ARTIFACTS));
            assert(now >= before, `${before} records were seen before, now ${now}`);
            if (now > before) growing++;
            before = now;
          };
          for (let i = 0; answers.given() + AT_A_TIME < tasksOf(EXPERIMENT) && tried < count; i++) {
            // They are written while it is read; the run cannot end before it has been.
            answers.give(AT_A_TIME);
            const { args, codes } = COMMANDS[i % COMMANDS.length]!;
            const { code, stdout, stderr } = await program(args, { cwd });
            tried++;
            assert(codes.includes(code!), `${args[0]} ended with ${code}: ${tail(stderr + stdout)}`);
            for (let n = 0; n < READINGS; n++, tried++) read();
          }
          await until(() => acknowledgedKeys(events).length >= answers.given(), 'what was answered');
          read();
          assert.equal(before, answers.given(), 'what was acknowledged is seen');
          answers.give(Number.POSITIVE_INFINITY);
          const { code, stderr } = await ended;
          assert.equal(code, 0, tail(stderr));
          assert.equal(readAll(path.join(cwd, ARTIFACTS)), tasksOf(EXPERIMENT));
        } finally {
          child.kill('SIGKILL');
        }
      });
    }
    assert(growing > 0, 'no reading saw the history grow');
    return { tried, seen: `${growing} of them saw it grow, in ${runs} runs; 0 failed` };
  },
};

/** Answers as many requests as it was told to; the others wait. */
function makeAnswers(server: ModelServer): { give(more: number): void; given(): number } {
  let given = 0;
  let wake = Promise.withResolvers<void>();
  const answerAll = async (): Promise<void> => {
    for (let n = 0; n < tasksOf(EXPERIMENT); n++) {
      const request = await server.next();
      while (n >= given) await wake.promise;
      request.answer(chatAnswer(`answer ${n}`));
    }
  };
  void answerAll();
  return {
    give: (more) => {
      given += more;
      wake.resolve();
      wake = Promise.withResolvers();
    },
    given: () => given,
  };
}

/** @returns how many records are served; none of them may be refused. */
function readAll(root: string): number {
  using reader = openReader(root);
  const { records, refused } = serve(reader);
  assert.equal(refused, 0, 'a record of the growing end was refused');
  // That the index could not be used for the moment is a note: the history itself was read.
  const warnings = reader.diagnostics.filter(({ severity }) => severity !== 'note');
  assert.deepEqual(
    warnings.map(({ code }) => code),
    [],
  );
  return records.size;
}
