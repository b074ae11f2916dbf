// Assertions of promptfoo, translated, say of an answer what promptfoo said of it: promptfoo-asserts.json holds 29 assertions against
// 13 answers, as promptfoo judged them.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { editFile, ROOT, writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

type Judged = {
  readonly answers: readonly string[];
  readonly asserts: readonly { readonly assert: object; readonly pass: string }[];
};

const { answers, asserts } = JSON.parse(
  readFileSync(path.join(ROOT, 'tests/e2e/promptfoo-asserts.json'), 'utf8'),
) as Judged;

/** What docs/from-elsewhere.md says is otherwise: JSON may stand between words, and a number is JSON. */
const OTHERWISE = [
  ['is-json', 'pre {"a":1} post'],
  ['not-is-json', 'pre {"a":1} post'],
  ['contains-json', '42'],
  ['not-contains-json', '42'],
];

it('assertions that are carried over judge as promptfoo does', async () => {
  const folder = tempFolder();
  const pairs = asserts.flatMap(({ assert, pass }, a) =>
    answers.map((answer, n) => ({ assert, answer, id: `a${a}-${n}`, isRight: pass[n] === '1' })),
  );
  writeFiles(folder, {
    'p.json': JSON.stringify({
      prompts: ['{{answer}}'],
      providers: ['openai:gpt-4.1'],
      tests: pairs.map(({ assert, answer, id }) => ({ description: id, vars: { answer }, assert: [assert] })),
    }),
    // The answer is what was asked.
    'echo.mjs': 'export default { run: ({ scenario }) => ({ text: String(scenario.vars.answer) }) };',
  });
  await cli(['init', '--from-promptfoo', 'p.json'], { cwd: folder });
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text.replace(/^variants: .*$/m, 'variants: { echo: { use: ./echo.mjs } }'),
  );
  const run = await cli(['run', '--json'], { cwd: folder });
  expect(run.code, run.stderr).toBe(0);
  const { stdout } = await cli(['export'], { cwd: folder });
  const said = new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ scenario, passed_expect: passed }) => [scenario, passed]),
  );
  const others = pairs.filter(({ id, isRight }) => said.get(id) !== isRight);
  const types = others.map(({ assert, answer }) => [(assert as { type: string }).type, answer]);
  expect(pairs.length).toBeGreaterThan(360);
  // Once with a schema, once without.
  expect(new Set(types.map((one) => JSON.stringify(one)))).toEqual(
    new Set(OTHERWISE.map((one) => JSON.stringify(one))),
  );
});
