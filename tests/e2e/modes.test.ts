// Who can read what is kept: asked of the disk, under umasks of all kinds.
import { chmodSync, lstatSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeSpoolFolder, openSpoolFile, writeSpoolFile } from '../../src/tracing/spool/modes.ts';
import { editFile, writeFiles } from '../rig/files.ts';
import { type Ended, program } from '../rig/program.ts';
import { tempFolder } from '../rig/temp.ts';

function experiment(more = ''): string {
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: made
provider: sim
scenarios: [s.jsonl]
variants: { plain: {}, mine: { use: ./mine.mjs } }
scorers: [{ name: long, contains: { any: [x] } }]
prepare: [{ command: [node, make.mjs], outputs: [made.txt] }]
${more}`,
    's.jsonl': '{"id":"a","input":"a"}\n{"id":"b","input":"b"}\n',
    // Long enough for a blob of its own.
    'mine.mjs': "export default { run: () => 'x'.repeat(300000) };",
    'make.mjs': "import { writeFileSync } from 'node:fs'; writeFileSync('made.txt', 'made');",
  });
  return folder;
}

function under(umask: string, cwd: string, ...args: string[]): Promise<Ended> {
  return program(args, { cwd, through: ['bash', '-c', `umask ${umask}; exec "$@"`, 'bash'] });
}

/** Modes of all files and folders below, by mode; the folder itself among them. */
function modesBelow(folder: string): {
  readonly files: readonly string[];
  readonly folders: readonly string[];
} {
  const modeOf = (place: string): string => (lstatSync(place).mode & 0o7777).toString(8);
  const below = readdirSync(folder, { recursive: true, withFileTypes: true });
  const of = (isFolder: boolean): string[] =>
    below
      .filter((entry) => entry.isDirectory() === isFolder)
      .map((entry) => modeOf(path.join(entry.parentPath, entry.name)));
  return { files: [...new Set(of(false))], folders: [...new Set([modeOf(folder), ...of(true)])] };
}

async function allThatWrites(umask: string, folder: string): Promise<void> {
  for (const args of [
    ['run', '--events', 'told/events.jsonl'],
    ['run', '--force', '--runs', '1'],
    ['score', '--force'],
    ['export', '--format', 'csv', '-o', 'all.csv'],
    ['export', '--format', 'inspect', '-o', 'logs'],
    ['gc', '--yes', '--keep', '1'],
    ['reindex'],
  ]) {
    const { code, stderr } = await under(umask, folder, ...args);
    expect([args, code, stderr]).toEqual([args, 0, expect.any(String)]);
  }
}

describe.skipIf(process.platform === 'win32')('what is kept', () => {
  it.each(['0', '022', '077'])(
    'is the user’s alone under umask %s',
    async (umask) => {
      const folder = experiment();
      await allThatWrites(umask, folder);
      for (const place of ['artifacts', 'told', 'logs'])
        expect([place, modesBelow(path.join(folder, place))]).toEqual([
          place,
          { files: ['600'], folders: ['700'] },
        ]);
      expect(statSync(path.join(folder, 'all.csv')).mode & 0o777).toBe(0o600);
      expect(readdirSync(path.join(folder, 'artifacts/made'))).toEqual(
        expect.arrayContaining([
          'archive',
          'blobs',
          'index.db',
          'known.json',
          'lock.db',
          'lock.json',
          'scores',
        ]),
      );
      // What the user's own code and steps make is theirs: the umask decides.
      expect(statSync(path.join(folder, 'made.txt')).mode & 0o777).toBe(0o666 & ~Number.parseInt(umask, 8));
    },
    60_000,
  );

  it.each(['0', '022', '077'])(
    'is the group’s, too, where the manifest says so, under umask %s',
    async (umask) => {
      const folder = experiment('artifacts: { mode: group }\n');
      await allThatWrites(umask, folder);
      expect(modesBelow(path.join(folder, 'artifacts'))).toEqual({ files: ['660'], folders: ['2770'] });
    },
    60_000,
  );

  it('stays as it was in a store of before, until fsck, which told of it, is asked to mend it', async () => {
    const folder = experiment();
    const root = path.join(folder, 'artifacts/made');
    await under('022', folder, 'run');
    const [invocation] = readdirSync(path.join(root, 'history'));
    chmodSync(root, 0o755);
    chmodSync(path.join(root, 'history', invocation!, 'mine_run1.jsonl'), 0o644);
    const { code, stdout } = await under('022', folder, 'fsck');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /artifacts\/made note \(modes\): 2 files and folders are not open to you alone.*fsck --repair/,
      ),
    ]);
    await under('022', folder, 'run');
    expect(modesBelow(root)).toEqual({
      files: expect.arrayContaining(['600', '644']),
      folders: ['755', '700'],
    });
    expect((await under('022', folder, 'fsck', '--repair')).stdout).toContain(
      'mended: artifacts/made note (modes)',
    );
    expect(modesBelow(root)).toEqual({ files: ['600'], folders: ['700'] });
    editFile(path.join(folder, 'experiment.yaml'), (text) => `${text}artifacts: { mode: group }\n`);
    expect((await under('022', folder, 'fsck')).stdout).toContain('not open to you and the group alone');
    await under('022', folder, 'fsck', '--repair');
    expect(modesBelow(root)).toEqual({ files: ['660'], folders: ['2770'] });
  });

  it.each([
    [0o700, { files: ['600'], folders: ['700'] }],
    [0o2770, { files: ['660'], folders: ['2770'] }],
  ])('of traces is shared as their folder is: %o', (mode, expected) => {
    const root = path.join(tempFolder(), 'artifacts');
    makeSpoolFolder(root);
    chmodSync(root, mode);
    makeSpoolFolder(path.join(root, 'traces/0001'));
    openSpoolFile(path.join(root, 'traces/0001/spool-001.jsonl'), 'a');
    writeSpoolFile(path.join(root, 'traces/links.json'), '{}');
    writeSpoolFile(path.join(root, 'traces/0001/rejected.jsonl'), '{}', { flag: 'a' });
    expect(modesBelow(root)).toEqual(expected);
  });
});

it('a wrong artifacts.mode is a mistake that names its place', async () => {
  const { code, stderr } = await program(['run'], { cwd: experiment('artifacts: { mode: public }\n') });
  expect([code, stderr]).toEqual([2, expect.stringMatching(/experiment\.yaml:8:20.*public/s)]);
});
