// When the calls of the newest invocation were first started, from the index alone.

import type { Starts } from '../store.ts';
import type { IndexDb } from './index-db.ts';

/** Archived records are left out. null where no record is there. */
export function newestStarts(index: IndexDb): Starts | null {
  const rows = index.statement(NEWEST).all() as unknown as readonly {
    readonly variant: string;
    readonly startedAt: string;
    readonly path: string;
  }[];
  const [first] = rows;
  if (!first) return null;
  const starts = rows.map(({ variant, startedAt }) => ({ variant, startedAt }));
  // A history file stands in its invocation's folder.
  return { invocation: first.path.slice(0, first.path.indexOf('/')), starts };
}

const NEWEST = `SELECT variant, started_at AS startedAt, path FROM records JOIN files ON files.id = records.file
  WHERE archive IS NULL AND (sequence, stamp, origin) = (SELECT sequence, stamp, origin FROM kept
    WHERE archive IS NULL ORDER BY sequence DESC, stamp DESC, origin DESC LIMIT 1)`;
