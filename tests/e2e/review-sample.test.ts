// A team's review of the sample, from start to what counts: one reader at the page, whose server is killed between two keys, one
// with a file from disk, both going on by script; what they agree on as R and Python have it; nothing by arm before it is closed.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { ClosedReview, DeckCard, VerdictLine } from '../../src/core/review.ts';
import type { ReviewStatus } from '../../src/core/review-status.ts';
import { openReading } from '../../src/project/review/open-reading.ts';
import { openReaderSession } from '../../src/project/review/reader-session.ts';
import { inBrowser, type Page } from '../rig/browser.ts';
import { cli, sample } from '../rig/cli.ts';
import { ROOT } from '../rig/files.ts';
import { API_KEY, startRecorder } from '../rig/langsmith-recorder.ts';
import { declareReview, openDeck, REVIEW } from '../rig/reviewed.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';
import { testWorld } from '../rig/world.ts';

const STORE = 'artifacts/tool-interface';
const DIMENSIONS = ['tool_selection', 'naturalness'] as const;
/** In the order of the keys. */
const LABELS = ['good', 'acceptable', 'poor'] as const;

type Values = Readonly<Record<(typeof DIMENSIONS)[number], number>>;

/** As in tests/review/references/sample.R: 1 is poor, 3 is good. */
const READERS = {
  ana: (i: number): Values => ({
    tool_selection: (((7 * i) % 11) % 3) + 1,
    naturalness: (((5 * i) % 13) % 3) + 1,
  }),
  ben: (i: number): Values => {
    const { tool_selection: tool, naturalness: natural } = READERS.ana(i);
    return {
      tool_selection: i % 5 === 0 ? (tool % 3) + 1 : tool,
      naturalness: i % 7 === 0 ? Math.max(1, natural - 1) : natural,
    };
  },
};
type Reader = keyof typeof READERS;

const labelsOf = (reader: Reader, { card }: Pick<DeckCard, 'card'>): Record<string, string> => {
  const values = READERS[reader](Number(card.slice(1)));
  return Object.fromEntries(DIMENSIONS.map((name) => [name, LABELS[3 - values[name]]!]));
};

/** Keys of one card, and on to the next. */
async function readByKeys(page: Page, { reader, card }: { reader: Reader; card: DeckCard }): Promise<void> {
  for (const label of Object.values(labelsOf(reader, card)))
    await page.keyboard.press(`${LABELS.indexOf(label as (typeof LABELS)[number]) + 1}`);
  await page.waitForSelector('.review-sign-saved');
  await page.keyboard.press('Enter');
}

function reference(name: string): Record<string, Record<string, number>> {
  return JSON.parse(readFileSync(path.join(ROOT, `tests/review/references/sample-${name}.json`), 'utf8'));
}

inBrowser('a blind review of the sample', (visit) => {
  test('goes from 120 draws to scores that count, and names no arm on the way', async () => {
    await using recorder = await startRecorder();
    const folder = tempFolder();
    await sample(folder);
    declareReview(folder, REVIEW.replace('overlap: 0.5', 'overlap: 1'));
    const env = { LANGSMITH_API_KEY: API_KEY, LANGSMITH_ENDPOINT: recorder.url, LANGSMITH_TRACING: 'true' };
    const run = (...args: readonly string[]) => cli(args, { cwd: folder, env });
    const done = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await run(...args);
      expect(code, stderr).toBe(0);
      return stdout;
    };
    const root = path.join(folder, STORE);
    const verdicts = (reader: Reader): readonly VerdictLine[] =>
      readFileSync(path.join(root, `reviews/r1/verdicts/${reader}.jsonl`), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as VerdictLine);
    const placesOf = (reviewer: Reader) => {
      const reading = openReading(root, { review: 'r1', reviewer, as: 'reader' });
      if (reading.kind === 'err') throw new Error(reading.error);
      return reading.value.places;
    };

    const saidOfTraces = (): readonly string[] =>
      [...recorder.feedback.values()].flatMap(({ trace_id: trace, key }) =>
        String(key).startsWith('human.') ? [`${trace} ${key}`] : [],
      );

    await done('run');
    await done('langsmith', 'push');
    const traces = recorder.roots().length;
    expect(traces).toBe(120);
    expect(JSON.parse(await done('review', 'start', '--id', 'r1', '--seed', '7', '--json'))).toMatchObject({
      draws: 120,
      cards: 44,
    });

    // Ana reads at the page. Its server dies between two keys; what was called saved is there, and she goes on.
    const serve = async (): Promise<{ url: string; kill: () => Promise<unknown> }> => {
      const { child, ended } = startCli(['review', 'open', '--reviewer', 'ana', '--json'], { cwd: folder });
      const url = await new Promise<string>((resolve) => {
        child.stdout!.once('data', (text: string) => resolve((JSON.parse(text) as { url: string }).url));
      });
      const kill = (): Promise<unknown> => {
        child.kill('SIGKILL');
        return ended;
      };
      return { url, kill };
    };
    const ana = placesOf('ana');
    const first = await serve();
    const { page } = await visit(first.url);
    await page.waitForSelector('.review-card');
    for (const { card } of ana.slice(0, 3)) await readByKeys(page, { reader: 'ana', card });
    await page.keyboard.press('1');
    await first.kill();
    expect(verdicts('ana').map(({ card, labels }) => [card, labels])).toEqual(
      ana.slice(0, 3).map(({ card }) => [card.card, labelsOf('ana', card)]),
    );
    await page.keyboard.press('1');
    await page.waitForSelector('text=not saved');
    const second = await serve();
    const again = await visit(second.url);
    await again.page.waitForSelector('text=Card 4 of');
    for (const { card } of ana.slice(3, 5)) await readByKeys(again.page, { reader: 'ana', card });
    expect(again.troubles).toEqual([]);
    expect(verdicts('ana')).toHaveLength(5);
    await second.kill();

    // Ben has a file from disk, and gives back what he has said so far.
    await done('review', 'open', '--reviewer', 'ben', '--static', 'ben.html');
    const ben = placesOf('ben');
    const file = await visit(pathToFileURL(path.join(folder, 'ben.html')).href);
    await file.page.waitForSelector('.review-card');
    for (const { card } of ben.slice(0, 4)) await readByKeys(file.page, { reader: 'ben', card });
    const [download] = await Promise.all([
      file.page.waitForEvent('download'),
      file.page.click('text=Download verdicts'),
    ]);
    await download.saveAs(path.join(folder, 'ben.jsonl'));
    expect(file.troubles).toEqual([]);
    for (const added of [4, 0])
      expect(JSON.parse(await done('review', 'import', 'ben.jsonl', '--json'))).toMatchObject({ added });

    // Meanwhile nobody is told a number by arm, whatever he asks.
    for (const command of [
      'run',
      'score',
      'compare',
      'export --format csv',
      'report',
      'report adr',
      'langsmith sync',
      'langsmith push',
      'history',
      'diff',
      'show',
    ]) {
      const { code, stdout, stderr } = await run(...command.split(' '));
      expect([command, code]).toEqual([command, 5]);
      expect([command, /baseline|applike/.exec(stdout + stderr)?.[0] ?? null]).toEqual([command, null]);
    }
    expect(saidOfTraces()).toEqual([]);

    // Both go on by script, second looks and guesses included.
    for (const reviewer of ['ana', 'ben'] as const) {
      const session = await openReaderSession(testWorld(folder), { file: 'experiment.yaml', reviewer });
      const guesses = new Set(session.screen.guesses);
      for (const { name, card } of placesOf(reviewer)) {
        const guess = guesses.has(name) ? '?' : null;
        const said = { card: name, look: 1, labels: labelsOf(reviewer, card), note: null, flags: [] };
        session.save({ ...said, tells: false, guess, took_ms: 4_000 });
      }
    }
    const status = JSON.parse(await done('review', 'status', '--json')) as ReviewStatus;
    expect(status.readers.map(({ reviewer, looks, read }) => [reviewer, looks, read])).toEqual(
      [ana, ben].map((places, at) => [['ana', 'ben'][at], places.length, places.length]),
    );
    expect(status.repeats.every(({ cards, same }) => same.every((one) => one.cards === cards))).toBe(true);
    for (const {
      dimension,
      cards,
      percent,
      kappa_quadratic: kappa,
      alpha_ordinal: alpha,
    } of status.agreement) {
      if (dimension === 'pass') continue;
      const [r, python] = [reference('r')[dimension]!, reference('python')[dimension]!];
      expect(cards).toBe(44);
      expect(percent.value).toBeCloseTo(r.percent!, 12);
      expect(kappa!.value).toBeCloseTo(r.quadratic!, 12);
      expect(kappa!.value).toBeCloseTo(python.quadratic!, 12);
      expect(alpha.value).toBeCloseTo(r.ordinal!, 12);
      expect(alpha.value).toBeCloseTo(python.ordinal!, 12);
    }

    // One bit of one verdict, and fsck says which file; put back, it is whole.
    const canary = path.join(root, 'reviews/r1/verdicts/ana.jsonl');
    const whole = readFileSync(canary);
    const bent = Buffer.from(whole);
    bent[bent.length >> 1]! ^= 1;
    writeFileSync(canary, bent);
    const found = await run('fsck');
    expect(found.code).not.toBe(0);
    expect(found.stdout + found.stderr).toContain('ana.jsonl');
    writeFileSync(canary, whole);
    await done('fsck');

    // A third settles what they differ on; then the key is opened.
    expect((await run('review', 'close')).code).toBe(1);
    const { disputes } = JSON.parse(await done('review', 'disputes', '--json')) as {
      readonly disputes: readonly { readonly card: DeckCard }[];
    };
    const rows = disputes.map(({ card }) => `${card.card},acceptable,acceptable,settled`);
    writeFileSync(
      path.join(folder, 'settled.csv'),
      ['card,tool_selection,naturalness,note', ...rows, ''].join('\n'),
    );
    await done('review', 'disputes', '--adjudicate', 'settled.csv', '--reviewer', 'cleo');
    await done('review', 'close');
    const closed = JSON.parse(
      readFileSync(path.join(root, 'reviews/r1/closed.json'), 'utf8'),
    ) as ClosedReview;
    const deck = openDeck(folder, 'r1');
    expect(new Set(closed.scores.map(({ answer }) => answer)).size).toBe(
      new Set(deck.cards.flatMap(({ answers }) => answers.map(({ answer }) => answer))).size,
    );
    await done('fsck');
    const compared = await done('compare', '--metric', 'human.naturalness', '--by', 'category', '--json');
    expect(compared).toContain('baseline');

    // What people said stands on each trace once a dimension, however often it is sent.
    expect(saidOfTraces()).toHaveLength(3 * traces);
    expect(new Set(saidOfTraces()).size).toBe(3 * traces);
    await done('langsmith', 'push');
    expect(saidOfTraces()).toHaveLength(3 * traces);
  });
});
