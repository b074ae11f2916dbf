// Where an experiment's draws and scores are kept, behind one face: files in artifacts/<experiment>/, or the memory of a program.
import { existsSync } from 'node:fs';
import { scoresRoot } from '../../cache/disk/layout.ts';
import { openLockedScores } from '../../cache/files.ts';
import { openReader, openScoreReader } from '../../cache/index/reader.ts';
import type { Hold, ScoreStore, Store, StoreReader } from '../../cache/store.ts';
import type { ScoreRecord } from '../../core/record.ts';
import type { Redact } from '../../core/redact.ts';

export type Stores = {
  /** Draws, without a lock. @throws StoreError where the disk or a newer format stands in the way */
  read(): StoreReader;
  /** Whether anything was judged. */
  hasScores(): boolean;
  /** Scores, without a lock. */
  readScores(): StoreReader<ScoreRecord>;
  /** Scores, for whoever has the draws. */
  writeScores(hold: Hold): ScoreStore;
  /** The draws for writing, where no lock of a file stands for them; null = behind the lock of the folder. */
  readonly writeUnlocked: (() => Promise<Store>) | null;
};

export type MakeStores = (input: { readonly root: string; readonly redact: Redact }) => Stores;

export const fileStores: MakeStores = ({ root, redact }) => ({
  read: () => openReader(root),
  hasScores: () => existsSync(scoresRoot(root)),
  readScores: () => openScoreReader(root),
  writeScores: (hold) => openLockedScores({ root, redact, hold }),
  writeUnlocked: null,
});
