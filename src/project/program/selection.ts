// Which cells a program means: as the filters of the command line, in a program's own types.
import type { FilterOptions } from '../open/filters.ts';
import type { Unblinding } from '../open/world.ts';

/** Filters narrow each other; several values of one are alternatives. Nothing said = every cell of the manifest. */
export type Selection = {
  /** Names or globs; the name of a matrix means all that it expands to. */
  readonly variant?: string | readonly string[];
  readonly scenario?: string | readonly string[];
  readonly category?: string | readonly string[];
  readonly tag?: string | readonly string[];
  /** `[1, 3]`, or as on the command line: `1,3-5`. */
  readonly runs?: readonly number[] | string;
  /** Only cells whose last record failed. */
  readonly failed?: boolean;
  /** Only what failed, or what a scorer says did not pass. */
  readonly notPassed?: boolean;
  /** Only cells whose answer is to other content than the manifest has now. */
  readonly stale?: boolean;
  /** Only scenarios and runs of which the variants do not say the same. */
  readonly differs?: boolean;
  /** `2/4`: only the second of four equal parts of what the filters by name leave; other machines do the others. */
  readonly shard?: string;
  /**
   * While a blind review is open nothing is told by arm: reading throws a CommandError with exit code 5, `run`, `score`, `plan` and
   * `status` put all arms together. `true`, or the reason, tells it all the same, and is written into the review's protocol.
   */
  readonly unblind?: boolean | string;
};

/** As the protocol of a review is told of it; undefined = nobody asks to see. */
export function unblindingOf(
  { unblind = false }: Pick<Selection, 'unblind'>,
  called: string,
): Unblinding | undefined {
  if (unblind === false) return undefined;
  return { what: `${called}()`, reason: typeof unblind === 'string' ? unblind : null };
}

export function filterOptions(selection: Selection): FilterOptions {
  const { variant, scenario, category, tag, runs, failed, notPassed, stale, differs, shard } = selection;
  return {
    variant: list(variant),
    scenario: list(scenario),
    category: list(category),
    tag: list(tag),
    runs: runs === undefined ? [] : [typeof runs === 'string' ? runs : runs.join(',')].filter(Boolean),
    failed: failed ?? false,
    notPassed: notPassed ?? false,
    stale: stale ?? false,
    differs: differs ?? false,
    ...(shard === undefined ? {} : { shard }),
  };
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** The command line that means the same: kept in the history, and named where something is to be gone on with. */
export function argvOf(command: string, selection: Selection, flags: readonly string[]): readonly string[] {
  const {
    variant = [],
    scenario = [],
    category = [],
    tag = [],
    runs = [],
    ...states
  } = filterOptions(selection);
  const named = Object.entries({ variant, scenario, category, tag, runs });
  return [
    command,
    ...named.flatMap(([name, values]) => values.flatMap((value) => [`--${name}`, value])),
    ...(states.failed ? ['--failed'] : []),
    ...(states.notPassed ? ['--not-passed'] : []),
    ...(states.stale ? ['--stale'] : []),
    ...(states.differs ? ['--differs'] : []),
    ...(states.shard === undefined ? [] : ['--shard', states.shard]),
    ...flags,
  ];
}
