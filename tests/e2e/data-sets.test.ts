// A data set of another tool, as it is: mapped, run, judged, shown and exported by the real program.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { jsonLines } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

type Told = { readonly scenario: string; readonly input: { readonly tools?: unknown } };

const MANIFEST = `version: 1
name: calls
provider: sim
model: sim-small
temperature: 0
tools: [{ name: of_the_arm }]
scenarios: { files: cases.csv, map: { input: question, expect: target, tools: functions } }
scorers: [exact]
variants: { one: {}, two: { system: Be brief. } }
`;
const tool = (name: string): string =>
  JSON.stringify([{ type: 'function', function: { name, parameters: { type: 'object', properties: {} } } }]);
const row = (...cells: readonly string[]): string =>
  cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';');
const CASES = [
  row('Which version is it?', '1.10', tool('get_version')),
  row('How is the weather?', '42', tool('get_weather')),
  row('Who are you?', 'me', ''),
];

it('is run without a change of it; rows may be sorted, and only an edited tool is drawn again', async () => {
  const folder = tempFolder();
  const expgraph = (...args: string[]): ReturnType<typeof cli> => cli(args, { cwd: folder });
  const write = (rows: readonly string[]): void =>
    writeFileSync(
      path.join(folder, 'cases.csv'),
      `${['question;target;functions', ...rows].join('\r\n')}\r\n`,
    );
  writeFileSync(path.join(folder, 'experiment.yaml'), MANIFEST);
  write(CASES);
  expect((await expgraph('run')).code).toBe(0);
  const lines = jsonLines(path.join(folder, 'artifacts/calls/runs/one_run1.jsonl')).slice(1);
  const records = lines as unknown as readonly Told[];
  const told = records.map((record) => [
    record.scenario.replace(/-[0-9a-f]{8}$/, ''),
    record.input.tools ?? null,
  ]);
  expect(Object.fromEntries(told)).toEqual({
    'which-version-is-it': ['get_version'],
    'how-is-the-weather': ['get_weather'],
    'who-are-you': null,
  });

  write(CASES.toReversed());
  expect((await expgraph('plan')).stdout).toContain('Everything is up to date: 6 tasks');
  write(CASES.map((one) => one.replace('get_version', 'get_release')));
  const edited = (await expgraph('plan', '--explain')).stdout;
  expect(edited).toContain('6 tasks: 2 to run, 4 cached');
  expect(edited).toContain('scenario.tools[0].name');

  const cell = `one/${records.find((record) => record.scenario.startsWith('which'))!.scenario}/1`;
  expect((await expgraph('show', cell)).stdout).toContain('get_version (of the scenario)');
  const rows = (await expgraph('export')).stdout.trim().split('\n');
  const exported = rows.map((line) => (JSON.parse(line) as { scenario_tools: string | null }).scenario_tools);
  expect(exported.filter((one) => one === '["get_weather"]')).toHaveLength(2);
});
