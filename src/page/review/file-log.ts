// Verdicts of a file that works from disk: kept in this browser as one goes, given back as a verdict file. Another browser, and
// another computer, know nothing of them.
import type { SavedVerdict } from '../../core/review.ts';
import type { ReviewScreen, SaidVerdict } from '../../screens/review.ts';
import { keep, kept } from './browser-store.ts';

type Log = {
  readonly lines: readonly SavedVerdict[];
  /** So many of the lines are in a file that was downloaded. */
  readonly downloaded: number;
};

export type FileLog = {
  /** @returns whether the browser keeps it beyond this page */
  add(verdict: SaidVerdict): { readonly saved: SavedVerdict; readonly isKept: boolean };
  lines(): readonly SavedVerdict[];
  /** Lines that are in no file yet. */
  undownloaded(): number;
  /** A verdict file: lines as `review import` takes them. */
  download(): void;
};

export function openFileLog(screen: ReviewScreen): FileLog {
  const name = `expgraph-verdicts/${screen.deck}/${screen.reviewer}`;
  const read = (): Log => kept<Log>(name) ?? { lines: [], downloaded: 0 };
  return {
    add({ review: _, reviewer: __, ...verdict }) {
      // Read anew: the same file may be open in a second window.
      const log = read();
      const revision = log.lines.filter(({ card }) => card === verdict.card).length + 1;
      const saved = { ...verdict, revision, at: new Date().toISOString() };
      return { saved, ...keep(name, { ...log, lines: [...log.lines, saved] }) };
    },
    lines: () => read().lines,
    undownloaded() {
      const { lines, downloaded } = read();
      return lines.length - downloaded;
    },
    download() {
      const { lines } = read();
      hand(verdictFile(screen, lines), fileName(screen));
      keep(name, { lines, downloaded: lines.length });
    },
  };
}

function verdictFile(screen: ReviewScreen, lines: readonly SavedVerdict[]): string {
  const answers = new Map(
    screen.cards.map(({ card, answers }) => [card, answers.map(({ answer }) => answer).join(' ')]),
  );
  return lines
    .map((verdict) => ({
      type: 'verdict',
      v: 1,
      review: screen.review,
      ...verdict,
      answer: answers.get(verdict.card),
      rubric: screen.rubric,
      reviewer: screen.reviewer,
    }))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

/** Letters that every disk takes. */
function fileName({ review, reviewer }: ReviewScreen): string {
  const safe = reviewer.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  return `${review}-${safe || 'reviewer'}.verdicts.jsonl`;
}

function hand(text: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/jsonl' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
