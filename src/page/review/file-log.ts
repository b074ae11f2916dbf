// Verdicts of a file that works from disk: kept in this browser as one goes, given back as a verdict file. Another browser, and
// another computer, know nothing of them. The same file may be open in a second window.
import type { SavedVerdict } from '../../core/review.ts';
import type { ReviewScreen, SaidVerdict } from '../../screens/review.ts';
import { signal } from '../base/preact.ts';
import { kept } from './browser-store.ts';
import { changeValue, readValue } from './kept-value.ts';

type Log = {
  readonly lines: readonly SavedVerdict[];
  /** So many of the lines are in a file that was downloaded. */
  readonly downloaded: number;
};

export type FileLog = {
  /** @returns whether the browser keeps it beyond this page */
  add(verdict: SaidVerdict): Promise<{ readonly saved: SavedVerdict; readonly isKept: boolean }>;
  lines(): readonly SavedVerdict[];
  /** Lines that are in no file yet. */
  undownloaded(): number;
  /** A verdict file: lines as `review import` takes them. */
  download(): Promise<void>;
};

export async function openFileLog(screen: ReviewScreen): Promise<FileLog> {
  const name = `expgraph-verdicts/${screen.deck}/${screen.reviewer}`;
  // Where versions before kept it.
  const before = kept<Log>(name) ?? { lines: [], downloaded: 0 };
  const log = signal((await readValue<Log>(name)) ?? before);
  /** What the browser did not keep: tried again with whatever is said next. */
  const unkept = signal<Log>({ lines: [], downloaded: 0 });
  const all = (): readonly SavedVerdict[] => [...log.value.lines, ...unkept.value.lines];

  const windows = new BroadcastChannel(name);
  windows.onmessage = async () => {
    log.value = (await readValue<Log>(name)) ?? log.value;
  };

  async function change(by: (log: Log) => Log): Promise<Log | null> {
    const { lines } = unkept.value;
    const next = await changeValue<Log>(name, (value) => {
      const now = value ?? before;
      return by({ ...now, lines: [...now.lines, ...lines] });
    });
    if (next === null) return null;
    log.value = next;
    unkept.value = { lines: [], downloaded: 0 };
    windows.postMessage('changed');
    return next;
  }

  return {
    async add({ review: _, reviewer: __, ...verdict }) {
      const at = new Date().toISOString();
      const follow = (lines: readonly SavedVerdict[]): SavedVerdict => {
        const revision = lines.filter(({ card }) => card === verdict.card).length + 1;
        return { ...verdict, revision, at };
      };
      const next = await change((log) => ({ ...log, lines: [...log.lines, follow(log.lines)] }));
      if (next !== null) return { saved: next.lines.at(-1)!, isKept: true };
      const saved = follow(all());
      unkept.value = { ...unkept.value, lines: [...unkept.value.lines, saved] };
      return { saved, isKept: false };
    },
    lines: all,
    undownloaded: () => all().length - log.value.downloaded - unkept.value.downloaded,
    async download() {
      const next = await change(({ lines }) => ({ lines, downloaded: lines.length }));
      hand(verdictFile(screen, next?.lines ?? all()), fileName(screen));
      if (next !== null) return;
      log.value = { ...log.value, downloaded: log.value.lines.length };
      unkept.value = { ...unkept.value, downloaded: unkept.value.lines.length };
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
