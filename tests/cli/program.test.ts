import { expect, it } from 'vitest';
import { realIo } from '../../src/cli/io.ts';
import { Program } from '../../src/cli/program/base.ts';
import { GROUPS, groupsFor } from '../../src/cli/program/groups.ts';

it.each(GROUPS.map((group) => [group.names.join(' '), group] as const))(
  'what is loaded for %s declares exactly these commands',
  async (_, { names, load }) => {
    const program = new Program('expgraph');
    (await load())({ program, io: realIo(), argv: [], done: () => {} });
    expect(program.commands.map((command) => command.name())).toEqual(names);
  },
);

it('loads one group for a command, none for the version, and all for anything else', () => {
  expect(groupsFor(['plan', '--json']).map(({ names }) => names[0])).toEqual(['run']);
  expect(groupsFor(['--version'])).toEqual([]);
  for (const argv of [[], ['--help'], ['help', 'run'], ['plna'], ['-f', 'x']])
    expect(groupsFor(argv)).toBe(GROUPS);
});
