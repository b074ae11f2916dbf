import { expect, it } from 'vitest';
import { Program } from '../../src/cli/base.ts';
import { readGlobals, spelledOut } from '../../src/cli/globals.ts';
import { GROUPS, groupsFor } from '../../src/cli/program/groups.ts';
import { HEADINGS } from '../../src/cli/program/headings.ts';
import { realIo } from '../../src/cli/real-io.ts';

it.each(GROUPS.map((group) => [group.names.join(' '), group] as const))(
  'what is loaded for %s declares exactly these commands',
  async (_, { names, load }) => {
    const program = new Program('expgraph');
    (await load())({ program, io: realIo(), argv: [], done: () => {} });
    expect(program.commands.map((command) => command.name())).toEqual(names);
  },
);

it('loads one group for a command, none for the version, and all for anything else', () => {
  const loaded = (argv: readonly string[]) => groupsFor(argv, readGlobals(argv));
  expect(loaded(['plan', '--json']).map(({ names }) => names[0])).toEqual(['run']);
  expect(loaded(['--version'])).toEqual([]);
  for (const argv of [[], ['--help'], ['help', 'run'], ['plna'], ['-f', 'x'], ['completion', 'bash']])
    expect(loaded(argv)).toBe(GROUPS);
});

it('loads one group for a command behind options of every command, and for a topic', () => {
  const loaded = (argv: readonly string[]) => groupsFor(argv, readGlobals(argv)).map(({ names }) => names[0]);
  expect(loaded(['-C', 'elsewhere', '--color=never', '-q', 'plan', '--json'])).toEqual(['run']);
  expect(loaded(['-v', 'score', '-C', 'elsewhere'])).toEqual(['run']);
  expect(loaded(spelledOut(['--color', 'fsck']))).toEqual(['fsck']);
  expect(loaded(['help', 'errors'])).toEqual(['help']);
});

it('has every command under a heading of its help', () => {
  const named = HEADINGS.flatMap(({ commands }) => commands);
  const unnamed = GROUPS.flatMap(({ names }) => names).filter(
    (name) => name !== 'complete' && !named.includes(name),
  );
  expect(unnamed, 'put these under a heading in src/cli/program/headings.ts').toEqual([]);
});
