// What the examples of `expgraph review` begin with: a protocol, a deck, and what readers brought back.
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inProcess } from '../rig/in-process.ts';
import { declareReview, type OpenDeck, openDeck, type Say, verdictFile } from '../rig/reviewed.ts';

const GOOD: Say = () => ({ tool_selection: 'good', naturalness: 'good' });
/** Who differs on the first dimension, so that there is something to settle. */
const STRICT: Say = () => ({ tool_selection: 'poor', naturalness: 'good' });

/** Before a line of a help: the review that it speaks of, as far as it has to be. Lines about other things begin as they are. */
export async function reviewFor(folder: string, line: string): Promise<void> {
  const [, verb] = /\bexpgraph review (\w+)/.exec(line) ?? [];
  if (verb === undefined) return;
  declareReview(folder);
  if (verb === 'start') return;
  const id = line.includes('ambiguous-1') ? 'ambiguous-1' : 'today';
  await done(folder, 'start', '--id', id, ...(id === 'today' ? [] : ['--category', 'ambiguous']));
  const deck = openDeck(folder, id);
  if (verb === 'import') broughtBack(folder, { deck, line });
  if (verb === 'close') await read(folder, { deck, second: GOOD });
  if (verb === 'disputes') await settled(folder, deck);
}

/** The file that the line names, by a reader of it. */
function broughtBack(
  folder: string,
  { deck, line }: { readonly deck: OpenDeck; readonly line: string },
): void {
  const [, name = ''] = /import (\S+)/.exec(line) ?? [];
  if (name.endsWith('.csv')) {
    const rows = deck.cards.map(({ card }) => `${card},ann,good,acceptable\n`);
    writeFileSync(path.join(folder, name), `card,reviewer,tool_selection,naturalness\n${rows.join('')}`);
    return;
  }
  renameSync(
    path.join(folder, verdictFile(folder, deck, { reviewer: 'ann', say: GOOD })),
    path.join(folder, name),
  );
}

async function read(
  folder: string,
  { deck, second }: { readonly deck: OpenDeck; readonly second: Say },
): Promise<void> {
  const ann = verdictFile(folder, deck, { reviewer: 'ann', say: GOOD });
  const ben = verdictFile(folder, deck, { reviewer: 'ben', say: second });
  await done(folder, 'import', ann, ben);
}

async function settled(folder: string, deck: OpenDeck): Promise<void> {
  await read(folder, { deck, second: STRICT });
  const shared = deck.cards.filter(({ part }) => part === 'all' || part === 'calibration');
  const rows = shared.map(({ card }) => `${card},acceptable\n`);
  writeFileSync(path.join(folder, 'settled.csv'), `card,tool_selection\n${rows.join('')}`);
}

async function done(folder: string, ...args: string[]): Promise<void> {
  const { code, err } = await inProcess(['review', ...args], { cwd: folder });
  if (code !== 0) throw new Error(`review ${args.join(' ')}: ${err}`);
}
