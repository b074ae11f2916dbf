// A viewer that has followed everything says what one says that is opened now: what is remembered of the revision before is never
// what is no longer so.
import { expect, it } from 'vitest';
import { openView, type View } from '../../../src/project/view/open-view.ts';
import { inProcess } from '../../rig/in-process.ts';
import { tempFolder } from '../../rig/temp.ts';
import { testWorld } from '../../rig/world.ts';
import { edit, MANIFEST, screen, searched, writeSmall } from './rig.ts';

const QUERIES = [{}, { q: 'yes -no' }, { q: 'tool:create_task' }, { sort: 'score', since: '1' }] as const;

type Step = { readonly says: string; readonly does: (folder: string) => unknown };

const command =
  (...argv: readonly string[]): Step['does'] =>
  (folder) =>
    inProcess(argv, { cwd: folder });

const STEPS: readonly Step[] = [
  { says: 'some cells are drawn', does: command('run', '--scenario', 'pay:*', '--no-score') },
  { says: 'they are judged', does: command('score') },
  { says: 'the others are drawn', does: command('run') },
  { says: 'a prompt is edited', does: (at) => edit(at, 'experiment.yaml', ['be short', 'be brief']) },
  { says: 'one arm is drawn again', does: command('run', '--variant', 'a', '--runs', '1') },
  { says: 'an answer is another one', does: (at) => edit(at, 'answers.yaml', ['"No."', '"Yes now."']) },
  { says: 'all is drawn by force', does: command('run', '--force', '--variant', 'b') },
  { says: 'a rule is edited', does: (at) => edit(at, 'scenarios.yaml', ['"yes"', '"course"']) },
  { says: 'it is judged by it', does: command('score') },
  { says: 'the edit is undone', does: (at) => edit(at, 'experiment.yaml', ['be brief', 'be short']) },
  { says: 'an arm is renamed', does: (at) => edit(at, 'experiment.yaml', ['{ a: {', '{ first: {']) },
  {
    says: 'a scenario is gone',
    does: (at) => edit(at, 'scenarios.yaml', ['- { id: down, ', '- { id: up, ']),
  },
  { says: 'what is old is archived', does: command('gc', '--yes', '--keep', '1') },
  {
    says: 'scorers are two',
    does: (at) => edit(at, 'experiment.yaml', ['[contains]', '[contains, { exact: Done. }]']),
  },
  { says: 'the index is made anew', does: command('reindex') },
  { says: 'answers held against an arm', does: (at) => edit(at, 'experiment.yaml', ['runs: 2', 'runs: 1']) },
];

async function all(view: View): Promise<unknown> {
  const screens: unknown[] = [];
  for (const query of QUERIES) screens.push(await searched(view, query));
  screens.push(await screen(view, 'experiment'));
  for (const scenario of ['pay:one', 'book:one']) screens.push(await screen(view, 'scenario', { scenario }));
  return JSON.parse(JSON.stringify(screens, (name, value) => (name === 'revision' ? undefined : value)));
}

// Opened before anything is kept it has an index of its own in memory; later it begins with the one on disk.
it.each([0, 3])(
  'after each change a viewer that was opened after %i says what a new one says',
  async (first) => {
    const folder = tempFolder();
    writeSmall(folder, MANIFEST);
    const open = (): Promise<View> => openView(testWorld(folder), { file: 'experiment.yaml' });
    for (const { does } of STEPS.slice(0, first)) await does(folder);
    using followed = await open();
    for (const { says, does } of STEPS.slice(first)) {
      const before = followed.revision();
      await does(folder);
      // It is asked until it has looked: questions that come together share a look.
      await expect
        .poll(async () => {
          await followed.answer('experiment', new URLSearchParams());
          return followed.revision();
        })
        .not.toBe(before);
      using anew = await open();
      expect([says, await all(followed)]).toEqual([says, await all(anew)]);
    }
  },
  120_000,
);
