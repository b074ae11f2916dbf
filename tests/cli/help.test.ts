// What help shows: every command under a heading, eighty columns, and topics whose words hang on the code.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import schema from '../../schema/record.schema.json' with { type: 'json' };
import { PAGE, withTables } from '../../scripts/command-line.ts';
import { topicText } from '../../src/cli/help/text.ts';
import { displayWidth } from '../../src/core/text.ts';
import { ARGUMENT_VALUES, OPTION_VALUES } from '../../src/project/complete/asked.ts';
import { exitRows } from '../../src/project/help/exit-codes.ts';
import { errorRows } from '../../src/project/help/failures.ts';
import { TOPICS, type Topic } from '../../src/report/help/topics.ts';
import { fateOf } from '../../src/run/limits/retry.ts';
import { helpTexts, programOf } from '../docs-run/parse.ts';
import { inProcess } from '../rig/in-process.ts';

const HELPS = await helpTexts();

it.each([...HELPS].map(([command, text]) => [command || 'expgraph', text] as const))(
  'the help of %s is no wider than eighty columns',
  (_, text) => {
    expect(text.split('\n').filter((line) => displayWidth(line) > 80)).toEqual([]);
  },
);

it.each(Object.keys(TOPICS) as Topic[])('help %s is no wider than eighty columns', async (topic) => {
  const { code, out } = await inProcess(['help', topic], { cwd: '/' });
  expect([code, out]).toEqual([0, topicText(topic)]);
  expect(out.split('\n').filter((line) => displayWidth(line) > 80)).toEqual([]);
});

it('shows commands by what they are for, in the order in which they are needed', () => {
  const heads = [...HELPS.get('')!.matchAll(/^(\w[\w ]*):$/gm)].map(([, head]) => head);
  expect(heads).toEqual([
    'Options',
    'Begin',
    'Run',
    'Read',
    'Judge',
    'Compare',
    'Exchange',
    'Keep',
    'Help',
    'Examples',
  ]);
});

it('shows what run runs, its limits and its output apart, and what every command has', () => {
  const heads = [...HELPS.get('run')!.matchAll(/^(\w[\w ]*):$/gm)].map(([, head]) => head);
  expect(heads).toEqual(['What', 'Limits', 'Where', 'Output', 'Options', 'Global Options', 'Examples']);
});

it('explains every kind of failure that a record may name, and says of each what the retry policy does', () => {
  const { enum: kinds } = schema.definitions.failureKind;
  expect(
    errorRows()
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual([...kinds].sort());
  const words = { retry: 'tried again', final: 'not tried again', halt: 'stops its account or arm' };
  for (const { kind, again } of errorRows()) expect(again, kind).toBe(words[fateOf(kind)]);
});

it('has the tables of the page as the program has them', () => {
  const page = readFileSync(PAGE, 'utf8');
  expect(withTables(page), 'node scripts/command-line.ts writes them').toBe(page);
});

it('explains every exit code once', () => {
  const codes = exitRows().map(({ code }) => code);
  expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b));
});

it('completes values only of options and arguments that are declared', async () => {
  const program = await programOf(['help']);
  const all = [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)];
  const flags = new Set(all.flatMap(({ options }) => options.map(({ long, short }) => long ?? short)));
  const named = new Set(
    all.flatMap((command) => command.registeredArguments.map((one) => `${command.name()} ${one.name()}`)),
  );
  expect(Object.keys(OPTION_VALUES).filter((flag) => !flags.has(flag))).toEqual([]);
  expect(Object.keys(ARGUMENT_VALUES).filter((argument) => !named.has(argument))).toEqual([]);
});
