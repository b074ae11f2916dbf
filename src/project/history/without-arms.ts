// An invocation as it is told while a blind review is open: what it was and how it ended, and of no arm by name.
import type { LogEntry } from '../../report/records/log.ts';
import { AN_ARM, withoutNames } from '../open/without-arms.ts';

/** Of one that was asked for some arms only, what it used is theirs: it is left out with their names. */
export function entryWithoutArms(names: readonly string[]): (entry: LogEntry) => LogEntry {
  const without = withoutNames(names);
  return ({ until: _, ...entry }) => {
    const told: LogEntry = {
      ...entry,
      argv: entry.argv.map((word, i) => wordWithout(word, { before: entry.argv[i - 1], without })),
      filter: { ...entry.filter, variant: (entry.filter.variant ?? []).map(() => AN_ARM) },
      why: entry.why && without(entry.why),
      variants: [],
    };
    return isOfSome(entry) ? { ...told, total_tokens: null, cost_usd: null, cost_usd_at_least: 0 } : told;
  };
}

/** A glob names arms as well. */
function wordWithout(
  word: string,
  of: { readonly before: string | undefined; readonly without: (text: string) => string },
): string {
  if (of.before === '--variant') return AN_ARM;
  return word.startsWith('--variant=') ? `--variant=${AN_ARM}` : of.without(word);
}

function isOfSome({ filter }: LogEntry): boolean {
  return (filter.variant ?? []).length > 0;
}
