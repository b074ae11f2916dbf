// A reader who never pauses: saves a verdict, says so, and goes on until it is killed. Arguments: folder, reviewer, how many.
import { appendVerdict } from '../../src/project/review/verdict-log.ts';
import { makeCards, placeOf, verdictOf } from './review-deck.ts';

const [folder, reviewer, count] = process.argv.slice(2) as [string, string, string];
const cards = makeCards(5);
for (let i = 0; i < Number(count); i++) {
  const note = `${process.pid}-${i} ${'x'.repeat((i * 131) % 3000)}`;
  const saved = appendVerdict({
    ...placeOf(folder, cards),
    reviewer,
    verdict: verdictOf(cards[i % cards.length]!.card, { note }),
    at: '2026-11-29T03:00:00.000Z',
    redact: (text) => text,
  });
  if (saved.kind === 'err') throw new Error(saved.error);
  process.stdout.write(`${saved.value.line.card}#${saved.value.line.revision} ${note}\n`);
}
