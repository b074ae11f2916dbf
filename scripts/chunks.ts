// Which modules lie in one file of the bundle. A command that starts pays for each file that it loads, and for each
// package or part of Node that a file imports, but hardly for a function that it does not call: so what most commands need is few files.
import { builtinNamed } from './builtins.ts';

export type ModuleInfo = {
  readonly importedIds: readonly string[];
  readonly dynamicallyImportedIds: readonly string[];
};
export type Graph = (id: string) => ModuleInfo | null;

export type ChunkPlan = {
  /** The command line: what it loads before it knows the command. */
  readonly first: string;
  /** What else the program is entered by: the public API. */
  readonly faces: readonly string[];
  /** Threads and processes that are started: they load as little as they can. */
  readonly started: readonly string[];
};

/** Modules that this many commands load, with their own code or right after it, are loaded by all of them... */
const MANY_COMMANDS = 8;
/** ...and so is what these load: they are typed all day... */
const DAILY = /[\\/]cli[\\/]commands[\\/](?:plan|run|status)\.ts$/;
/** ...unless they bring anything with them that takes time to load: all but these. */
const LIGHT =
  /^(?:node:)?(?:buffer|child_process|crypto|events|fs|module|os|path|process|sqlite|timers\/promises|tty|url|util)$/;

/**
 * Nor are they where they bring this: as long as thirty others, and asked for where a review is read; or of traces, of which nothing is
 * loaded where there are none.
 */
const APART = /[\\/]review[\\/]generated[\\/]|[\\/]tracing[\\/](?:spool|upload|spans)[\\/]/;

/** Every start would pay for looking up, reading and linking their 97 files; other packages are asked for when they are needed. */
const STARTS_WITH = /[\\/]node_modules[\\/](?:cli-table3|commander|jsonc-parser|picocolors|yaml)[\\/]/;
const IN_A_PACKAGE = /[\\/]node_modules[\\/]/;

/** The help and completion ask for all of them. */
const GROUPS = /[\\/]cli[\\/]program[\\/]/;

/** What the compiler writes `using` with for Node 22. */
const HELPERS = /^\0@oxc-project\+runtime/;

/** Node itself has loaded them before our first line. */
const LOADED_ANYWAY = /^node:(?:buffer|events|fs|module|path|process|url|util|vm)$/;

/**
 * A module -> the name of its file; null = the bundler puts together what the same commands need.
 *
 *   start   what every command line loads before it knows its command
 *   groups  how commands are declared
 *   common  what most commands load, and those that are typed all day
 *   both    of start, what a program that uses the API needs when it runs something
 *   ground, words  of start and of common, what is not only the command line's: threads and own code load these two alone
 *
 * What a module imports lies in its own file or in one that is loaded with it: nobody loads more for a file than its kind.
 */
export function chunksOf(root: string, plan: ChunkPlan, graph: Graph): (id: string) => string | null {
  // Others are named as they are imported: `openai`, `node:fs`.
  const isOwn = (id: string): boolean => id.startsWith(root) || builtinNamed(id) !== null || HELPERS.test(id);
  const own = (ids: readonly string[]): readonly string[] => ids.filter(isOwn);
  const now = (id: string): readonly string[] => own(graph(id)?.importedIds ?? []);
  const later = (id: string): readonly string[] => own(graph(id)?.dynamicallyImportedIds ?? []);
  const ever = (id: string): readonly string[] => [...now(id), ...later(id)];
  const first = reached([plan.first], now);
  const all = reached([plan.first], ever);
  const commands = [...all].filter((id) => /[\\/]cli[\\/]commands[\\/]/.test(id));
  if (commands.length === 0) throw new Error('no commands were found below src/cli/commands/');
  const inGroups = reached(
    [...all].filter((id) => GROUPS.test(id)),
    now,
  );
  const facesNow = reached(plan.faces, now);
  const facesEver = reached(plan.faces, ever);
  const far = reached(plan.started, ever);
  const uses = new Map<string, number>();
  for (const command of commands) {
    const atOnce = reached([command], now);
    for (const id of reached([...atOnce, ...[...atOnce].flatMap(later)], now)) {
      uses.set(id, (uses.get(id) ?? 0) + (DAILY.test(command) ? MANY_COMMANDS : 1));
    }
  }
  const inStarts = reached(
    [...all].filter((id) => STARTS_WITH.test(id)),
    now,
  );
  const isAsked = (id: string): boolean => IN_A_PACKAGE.test(id) && !inStarts.has(id);
  const brings = (id: string): readonly string[] => [
    ...(graph(id)?.importedIds ?? []).filter((one) => !isOwn(one)),
    ...(builtinNamed(id) === null ? [] : [builtinNamed(id)!]),
  ];
  const isLight = (id: string): boolean =>
    [...reached([id], now)].every(
      (one) => !APART.test(one) && !isAsked(one) && brings(one).every((name) => LIGHT.test(name)),
    );
  return (id) => {
    if (HELPERS.test(id) || LOADED_ANYWAY.test(builtinNamed(id) ?? '')) return 'ground';
    const isFirst = first.has(id);
    if (!isFirst && inGroups.has(id)) return 'groups';
    if (!isFirst && ((uses.get(id) ?? 0) < MANY_COMMANDS || !isLight(id))) return null;
    if (isFirst && (far.has(id) || facesNow.has(id))) return 'ground';
    if (isFirst) return facesEver.has(id) ? 'both' : 'start';
    return far.has(id) ? 'words' : 'common';
  };
}

function reached(from: readonly string[], next: (id: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const todo = [...from];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    todo.push(...next(id));
  }
  return seen;
}
