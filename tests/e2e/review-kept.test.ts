// What is kept of a review stays what it was: fsck finds a bit that changed, gc leaves the records that were judged, a kill
// leaves no half of a review.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { makeRandom } from '../../src/core/shuffle.ts';
import { cli, ranSample } from '../rig/cli.ts';
import { declareReview, openDeck, REVIEW, type Say, verdictFile } from '../rig/reviewed.ts';
import { tempFolder } from '../rig/temp.ts';

const ROOT = 'artifacts/tool-interface';
const say: Say = ({ card }) => ({
  tool_selection: Number(card.slice(1)) % 2 === 0 ? 'good' : 'acceptable',
  naturalness: 'good',
});

/** Five scenarios of the sample, read by one. */
async function readReview(): Promise<{ readonly folder: string; readonly review: string }> {
  const folder = tempFolder();
  await ranSample(folder);
  declareReview(folder, REVIEW.replace('overlap: 0.5', 'reviewers: 1'));
  const started = await cli(['review', 'start', '--id', 'r1', '--category', 'sanity'], { cwd: folder });
  if (started.code !== 0) throw new Error(started.stderr);
  const file = verdictFile(folder, openDeck(folder, 'r1'), { reviewer: 'ann', say });
  const imported = await cli(['review', 'import', file], { cwd: folder });
  if (imported.code !== 0) throw new Error(imported.stderr);
  return { folder, review: path.join(folder, ROOT, 'reviews', 'r1') };
}

async function fsck(folder: string, ...args: readonly string[]) {
  const { code, stdout } = await cli(['fsck', '--json', ...args], { cwd: folder });
  const { findings, checked } = JSON.parse(stdout) as {
    readonly findings: readonly {
      readonly file: string;
      readonly severity: string;
      readonly message: string;
    }[];
    readonly checked: { readonly reviews?: number };
  };
  // Folders that a test copied have modes of their own, which is a note.
  const wrong = findings.filter(({ severity }) => severity !== 'note');
  return { code, checked, found: wrong.map(({ file, severity }) => `${severity} ${path.basename(file)}`) };
}

it('a bit that changed is found in every file of a review, while it is open and once it is closed', async () => {
  const { folder, review } = await readReview();
  expect(await fsck(folder)).toMatchObject({ code: 0, checked: { reviews: 1 }, found: [] });
  const random = makeRandom(7);
  const flip = async (name: string): Promise<void> => {
    const file = path.join(review, name);
    const before = readFileSync(file);
    // The last line of a log has no line behind it that names it.
    const from = name.startsWith('verdicts') ? before.lastIndexOf('\n', before.length - 2) + 1 : 0;
    const bytes = Buffer.from(before);
    const at = from + Math.floor(random() * (before.length - from));
    bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8));
    writeFileSync(file, bytes);
    const { code, found } = await fsck(folder);
    expect({ code, found: found.join(), what: `${name} at ${at}` }).toMatchObject({ code: 4 });
    writeFileSync(file, before);
  };
  for (let n = 0; n < 4; n++) for (const name of ['verdicts/ann.jsonl', 'key.sealed.json']) await flip(name);
  expect((await cli(['review', 'close'], { cwd: folder })).code).toBe(0);
  expect(await fsck(folder)).toMatchObject({ code: 0, found: [] });
  for (let n = 0; n < 3; n++)
    for (const name of ['verdicts/ann.jsonl', 'key.sealed.json', 'deck.jsonl', 'protocol.json'])
      await flip(name);

  const closed = path.join(review, 'closed.json');
  const counts = readFileSync(closed, 'utf8');
  writeFileSync(closed, counts.replace('"score": 0.5', '"score": 1'));
  expect((await fsck(folder)).found).toEqual(['damage closed.json']);
  writeFileSync(closed, counts);
  writeFileSync(path.join(review, 'verdicts', 'late.jsonl'), '');
  expect((await fsck(folder)).found).toEqual(['damage late.jsonl']);
});

it('a verdict that was changed is found before it can count, and the key stays sealed', async () => {
  const { folder, review } = await readReview();
  const file = path.join(review, 'verdicts/ann.jsonl');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('"tool_selection":"good"', '"tool_selection":"poor"'),
  );
  const { code, stderr } = await cli(['review', 'close'], { cwd: folder });
  expect(code).toBe(4);
  expect(stderr).toContain('was changed: its checksum does not fit');
  expect(existsSync(path.join(review, 'closed.json'))).toBe(false);
});

it('a key that others may read is told and closed again, a review that a kill left half made is cleared away', async () => {
  const { folder, review } = await readReview();
  const key = path.join(review, 'key.sealed.json');
  chmodSync(key, 0o644);
  const half = path.join(folder, ROOT, 'reviews', '.new-r2');
  mkdirSync(half);
  writeFileSync(path.join(half, 'deck.jsonl'), '{"type":"deck"');
  expect((await fsck(folder)).found.sort()).toEqual(['derived .new-r2', 'derived key.sealed.json']);
  expect((await cli(['status'], { cwd: folder })).stdout).not.toContain('new-r2');
  expect(await fsck(folder, '--repair')).toMatchObject({ code: 0, found: [] });
  expect([statSync(key).mode & 0o777, existsSync(half)]).toEqual([0o600, false]);
  rmSync(path.join(review, 'deck.jsonl'));
  expect((await fsck(folder)).found).toEqual(['damage r1']);
});

it('gc leaves the records that a review is about, however often they were drawn again since', async () => {
  const { folder } = await readReview();
  const run = async (...args: readonly string[]) => cli(args, { cwd: folder });
  const again = await run('run', '--force', '--category', 'sanity', '--category', 'negative');
  expect([0, 5]).toContain(again.code);
  const { stdout } = await run('gc', '--dry-run', '--json', '--keep', '0');
  const negative = openCells(folder).filter(({ scenario }) => scenario.startsWith('negative:')).length;
  expect((JSON.parse(stdout) as { readonly records: number }).records).toBe(negative);
  rmSync(path.join(folder, ROOT, 'reviews/r1/key.sealed.json'));
  const lost = await run('gc', '--dry-run');
  expect(lost).toMatchObject({ code: 4 });
  expect(lost.stderr).toContain('the key of review r1 cannot be read');
});

/** Lines of the first draws. */
function openCells(folder: string): readonly { readonly scenario: string }[] {
  const history = path.join(folder, ROOT, 'history');
  const [first] = readdirSync(history).sort();
  return readdirSync(path.join(history, first!))
    .filter((name) => /_run\d+\.jsonl$/.test(name))
    .flatMap((name) =>
      readFileSync(path.join(history, first!, name), 'utf8')
        .trimEnd()
        .split('\n'),
    )
    .map((line) => JSON.parse(line) as { readonly type: string; readonly scenario: string })
    .filter(({ type }) => type === 'scenario_result');
}
