// The filters that commands share: text of the command line -> Filter.
import type { RecordedFilter } from '../../core/record.ts';
import { readRuns, runsWords } from '../../core/run-list.ts';
import { readShard, type Shard, shardText } from '../../core/shard.ts';
import { type Filter, NO_FILTER } from '../../core/task.ts';
import { sanitizeLine } from '../../core/text.ts';
import { quoteWord, type ScopeWords } from '../../text/next.ts';
import { CommandError } from './command-error.ts';
import type { World } from './world.ts';

export type FilterOptions = {
  readonly variant?: readonly string[];
  readonly scenario?: readonly string[];
  readonly category?: readonly string[];
  readonly tag?: readonly string[];
  readonly runs?: readonly string[];
  readonly failed?: boolean;
  readonly notPassed?: boolean;
  readonly stale?: boolean;
  readonly differs?: boolean;
  /** `2/4`: the second of four parts of all that the filters by name leave. */
  readonly shard?: string;
};

/** @throws CommandError on runs that are no list of numbers and ranges, and on a shard that is none. */
export function makeFilter(options: FilterOptions): Filter {
  return {
    variant: options.variant ?? [],
    scenario: options.scenario ?? [],
    category: options.category ?? [],
    tag: options.tag ?? [],
    runs: (options.runs ?? []).flatMap(parseRuns),
    failed: options.failed ?? false,
    notPassed: options.notPassed ?? false,
    stale: options.stale ?? false,
    differs: options.differs ?? false,
    shard: options.shard === undefined ? null : parseShard(options.shard),
  };
}

export function isEverything(filter: Filter): boolean {
  return JSON.stringify(filter) === JSON.stringify(NO_FILTER);
}

/** Whether all shards of it together are every cell. */
export function isOfEverything(filter: Filter): boolean {
  return isEverything({ ...filter, shard: null });
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
    ...(filter.notPassed ? { not_passed: true } : {}),
    ...(filter.stale ? { stale: true } : {}),
    ...(filter.differs ? { differs: true } : {}),
    ...(filter.shard ? { shard: shardText(filter.shard) } : {}),
  };
}

/** What makes a printed command mean the same manifest when it is pasted where this one was typed; '' or with a space before. */
export function placeWords({ given: { folders, file } }: Pick<World, 'given'>): string {
  return spaced([...each('-C', folders), ...each('-f', file === null ? [] : [file])]);
}

/** As the command line writes it, for commands that go on with the same cells; '' or with a space before. */
export function filterWords(filter: Filter, io: Pick<World, 'given'>): string {
  const words = [
    ...each('--variant', filter.variant),
    ...each('--scenario', filter.scenario),
    ...each('--category', filter.category),
    ...each('--tag', filter.tag),
    ...(filter.runs.length === 0 ? [] : ['--runs', runsWords(filter.runs)]),
    ...stateFlags(filter),
    ...(filter.shard ? ['--shard', shardText(filter.shard)] : []),
  ];
  return `${placeWords(io)}${spaced(words)}`;
}

function each(flag: string, values: readonly string[]): readonly string[] {
  return values.flatMap((value) => [flag, quoteWord(sanitizeLine(value))]);
}

function spaced(words: readonly string[]): string {
  return words.map((word) => ` ${word}`).join('');
}

/** The same for commands that take only a part of it. */
export function scopeWords(filter: Filter, io: Pick<World, 'given'>): ScopeWords {
  return {
    place: placeWords(io),
    cells: filterWords({ ...namesOnly(filter), variant: [] }, io),
    named: filterWords(namesOnly(filter), io),
    all: filterWords(filter, io),
  };
}

/** Those that ask what became of cells. */
export function stateFlags(filter: Filter): readonly string[] {
  return [
    ...(filter.failed ? ['--failed'] : []),
    ...(filter.notPassed ? ['--not-passed'] : []),
    ...(filter.stale ? ['--stale'] : []),
    ...(filter.differs ? ['--differs'] : []),
  ];
}

/** Numbers over cells that were chosen by how they came out, or dealt for somebody else's sake, would say that. */
export function refuseChosen(filter: Filter, command: 'compare' | 'report'): void {
  const [flag] = stateFlags(filter);
  if (flag !== undefined)
    throw new CommandError(
      `${command} takes no ${flag}: numbers over cells that are chosen by how they came out say what was chosen; npx expgraph show ${flag} shows these cells`,
    );
  if (filter.shard !== null)
    throw new CommandError(
      `${command} takes no --shard: its numbers are those of all shards; npx expgraph merge unites their stores, and status --shard says what is there of one`,
    );
}

/** `failed or stale`: what cells are asked for. */
export function outcomeWords(filter: Filter): string {
  return stateFlags(filter)
    .map((flag) => OUTCOMES[flag])
    .join(' or ');
}

const OUTCOMES: { readonly [flag: string]: string } = {
  '--failed': 'failed',
  '--not-passed': 'failed or not passed',
  '--stale': 'stale',
  '--differs': 'one of which the variants say different things',
};

/** Cells by their names alone, whatever became of them. */
export function namesOnly(filter: Filter): Filter {
  return { ...filter, failed: false, notPassed: false, stale: false, differs: false };
}

/** `1,3-5` -> 1, 3, 4, 5 */
export function parseRuns(text: string): readonly number[] {
  const { runs, wrong } = readRuns(text);
  if (wrong === null) return runs;
  throw new CommandError(
    `--runs ${JSON.stringify(text)}: ${JSON.stringify(wrong)} is not a run or a range; write for example --runs 1,3-5`,
  );
}

/** `2/4` -> the second of four */
export function parseShard(text: string): Shard {
  const shard = readShard(text);
  if ('of' in shard) return shard;
  throw new CommandError(`--shard ${JSON.stringify(text)}: ${shard.wrong}`);
}
