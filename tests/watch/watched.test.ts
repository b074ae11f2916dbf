// What counts as a file of the experiment, by names alone.
import { expect, it } from 'vitest';
import { makeAccept, rootsOf, union, watchedOf } from '../../src/watch/watched.ts';

const folder = '/x';
const all = watchedOf({
  folder,
  files: ['/x/experiment.yaml', '/x/scenarios/a.yaml', '/shared/prompt.md', '/x/.prompt.md'],
  patterns: [
    'scenarios/**/*.yaml',
    '!scenarios/drafts/**',
    '!scenarios/old-*.yaml',
    'fixtures/**',
    'tables/*.csv',
    'data.json',
  ],
});

it('keeps files by name where no pattern finds them', () => {
  expect(all.files).toEqual(['/shared/prompt.md', '/x/.prompt.md', '/x/data.json', '/x/experiment.yaml']);
  expect(all.trees.map(({ folder, deep, ending }) => ({ folder, deep, ending }))).toEqual([
    { folder: '/x/scenarios', deep: true, ending: '.yaml' },
    { folder: '/x/fixtures', deep: true, ending: '' },
    { folder: '/x/tables', deep: false, ending: '.csv' },
  ]);
  expect(rootsOf(all)).toEqual(['/shared', '/x', '/x/fixtures', '/x/scenarios', '/x/tables']);
});

it.each([
  ['/x/experiment.yaml', true],
  ['/x/.prompt.md', true],
  ['/shared/prompt.md', true],
  ['/shared/other.md', false],
  ['/x/data.json', true],
  ['/x/other.json', false],
  ['/x/scenarios/new.yaml', true],
  ['/x/scenarios/deep/er/new.yaml', true],
  ['/x/scenarios/new.txt', false],
  ['/x/scenarios/drafts/new.yaml', false],
  ['/x/scenarios/node_modules/new.yaml', false],
  ['/x/scenarios/.git/new.yaml', false],
  ['/x/scenarios/.hidden.yaml', false],
  ['/x/scenarios/.new.yaml.swp', false],
  ['/x/fixtures/any', true],
  ['/x/fixtures/4913', false],
  ['/x/fixtures/a~', false],
  ['/x/fixtures/#a#', false],
  ['/x/fixtures/a.json___jb_tmp___', false],
  ['/x/tables/t.csv', true],
  ['/x/tables/deeper/t.csv', false],
  ['/x/artifacts/made/runs/a.jsonl', false],
])('%s counts: %s', (file, counts) => {
  expect(makeAccept(all).file(file)).toBe(counts);
});

it('leaves out what expgraph writes, however wide the pattern', () => {
  const wide = makeAccept(watchedOf({ folder, files: [], patterns: ['**/*.jsonl'] }));
  expect(wide.file('/x/cases/a.jsonl')).toBe(true);
  expect(wide.file('/x/artifacts/made/runs/a.jsonl')).toBe(false);
  expect(wide.folder('/x/artifacts')).toBe(false);
});

it('keeps both of two lists, each once', () => {
  const other = watchedOf({ folder, files: ['/x/experiment.yaml', '/x/b'], patterns: ['tables/*.csv'] });
  const both = union(
    all,
    watchedOf({ folder, files: [], patterns: ['fixtures/**', '!scenarios/drafts/**'] }),
  );
  expect(union(all, other).files).toEqual([...all.files, '/x/b'].sort());
  expect(both.trees).toHaveLength(3);
});
