// The filters that commands share: text of the command line -> Filter.
import type { RecordedFilter } from '../core/record.ts';
import { type Filter, NO_FILTER } from '../core/task.ts';
import { CommandError } from './exit.ts';

export type FilterOptions = {
  readonly variant?: readonly string[];
  readonly scenario?: readonly string[];
  readonly category?: readonly string[];
  readonly tag?: readonly string[];
  readonly runs?: readonly string[];
  readonly failed?: boolean;
};

/** @throws CommandError on runs that are no list of numbers and ranges. */
export function makeFilter(options: FilterOptions): Filter {
  return {
    variant: options.variant ?? [],
    scenario: options.scenario ?? [],
    category: options.category ?? [],
    tag: options.tag ?? [],
    runs: (options.runs ?? []).flatMap(parseRuns),
    failed: options.failed ?? false,
  };
}

export function isEverything(filter: Filter): boolean {
  return JSON.stringify(filter) === JSON.stringify(NO_FILTER);
}

/** As it is recorded: only what was given. */
export function recordedFilter(filter: Filter): RecordedFilter {
  return {
    ...(filter.variant.length > 0 ? { variant: [...filter.variant] } : {}),
    ...(filter.scenario.length > 0 ? { scenario: [...filter.scenario] } : {}),
    ...(filter.category.length > 0 ? { category: [...filter.category] } : {}),
    ...(filter.tag.length > 0 ? { tag: [...filter.tag] } : {}),
    ...(filter.runs.length > 0 ? { runs: [...filter.runs] } : {}),
    ...(filter.failed ? { failed: true } : {}),
  };
}

const MAX_RUN = 1000;

/** `1,3-5` -> 1, 3, 4, 5 */
export function parseRuns(text: string): readonly number[] {
  return text.split(',').flatMap((piece) => {
    const match = /^\s*(\d{1,4})\s*(?:-\s*(\d{1,4})\s*)?$/.exec(piece);
    const first = Number(match?.[1]);
    const last = match?.[2] === undefined ? first : Number(match[2]);
    if (!match || first < 1 || last < first || last > MAX_RUN) {
      throw new CommandError(
        `--runs ${JSON.stringify(text)}: ${JSON.stringify(piece)} is not a run or a range; write for example --runs 1,3-5`,
      );
    }
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
