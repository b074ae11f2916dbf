// Where verdicts go: to the server, that makes them durable, or into this browser, until they are downloaded.
import type { NewVerdict, SavedVerdict } from '../../core/review.ts';
import type { ReviewScreen } from '../../screens/review.ts';
import type { Source } from '../base/source.ts';
import { type FileLog, openFileLog } from './file-log.ts';

export type Kept =
  | { readonly ok: true; readonly saved: SavedVerdict; readonly where: 'disk' | 'browser' | 'page' }
  | { readonly ok: false; readonly message: string };

export type Keeper = {
  save(verdict: NewVerdict): Promise<Kept>;
  /** What was kept before, the newest of each card. */
  readonly before: readonly SavedVerdict[];
  /** null = verdicts go to a server. */
  readonly file: FileLog | null;
};

export async function openKeeper(screen: ReviewScreen, source: Source): Promise<Keeper> {
  const { review, reviewer } = screen;
  if (source.kind === 'file') {
    const file = await openFileLog(screen);
    return {
      async save(verdict) {
        const { saved, isKept } = await file.add({ ...verdict, review, reviewer });
        return { ok: true, saved, where: isKept ? 'browser' : 'page' };
      },
      before: [...screen.verdicts, ...file.lines()],
      file,
    };
  }
  return {
    async save(verdict) {
      const said = { ...verdict, review, reviewer };
      const answer = await source.saveVerdict(said);
      return answer.ok ? { ...answer, where: 'disk' } : answer;
    },
    before: screen.verdicts,
    file: null,
  };
}
