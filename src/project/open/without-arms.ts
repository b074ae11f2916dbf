// What is told while a blind review is open: the same words and facts with the names of arms taken out.
import type { RunEvent } from '../../core/event.ts';
import type { Notice, World } from './world.ts';

/** Stands where an arm would be named: rows with it are of all arms together. */
export const ALL_ARMS = 'all arms';

/** Stands where a text named one. */
export const AN_ARM = 'an arm';

/** A world that notices without names. Names are whole words: `base` is no part of `baseline`. */
export function unnamed(world: World, names: readonly string[]): World {
  const without = withoutNames(names);
  return { ...world, notify: (notice) => world.notify(noticed(notice, without)) };
}

function noticed(notice: Notice, without: (text: string) => string): Notice {
  if (notice.kind !== 'diagnostics') return { ...notice, text: without(notice.text) };
  const diagnostics = notice.diagnostics.map((one) => ({
    ...one,
    message: without(one.message),
    hint: one.hint && without(one.hint),
  }));
  return { ...notice, diagnostics };
}

export function withoutNames(names: readonly string[]): (text: string) => string {
  if (names.length === 0) return (text) => text;
  const longestFirst = names.toSorted((a, b) => b.length - a.length).map(escaped);
  const pattern = new RegExp(`(?<![\\w-])(?:${longestFirst.join('|')})(?![\\w-])`, 'g');
  return (text) => text.replaceAll(pattern, AN_ARM);
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** An event as watchers and `--events` are told of it: of which arm a task is, is not said. */
export function eventUnnamed(event: RunEvent, without: (text: string) => string): RunEvent {
  switch (event.kind) {
    case 'plan-made':
      return { ...event, groups: pooledGroups(event.groups) };
    case 'attempt-failed':
    case 'score-attempt-failed':
      return {
        ...event,
        variant: ALL_ARMS,
        error: { ...event.error, message: without(event.error.message) },
      };
    case 'task-skipped':
    case 'attempt-started':
    case 'task-finished':
    case 'score-started':
    case 'score-finished':
      return { ...event, variant: ALL_ARMS };
    // Places of an arm's own processes are named like it.
    case 'lane-hinted':
    case 'lane-cooled':
    case 'lane-learned':
    case 'lane-resumed':
      return { ...event, lane: without(event.lane) };
    case 'lane-suspended':
    case 'lane-given-up':
      return { ...event, lane: without(event.lane), why: without(event.why) };
    case 'diagnostic':
      return { ...event, message: without(event.message), hint: event.hint && without(event.hint) };
    default:
      return event;
  }
}

type Group = Extract<RunEvent, { kind: 'plan-made' }>['groups'][number];

/** One bar a run. */
function pooledGroups(groups: readonly Group[]): readonly Group[] {
  const pooled = new Map<number, Group>();
  for (const { run, tasks, cached } of groups) {
    const known = pooled.get(run) ?? { variant: ALL_ARMS, run, tasks: 0, cached: 0 };
    pooled.set(run, { ...known, tasks: known.tasks + tasks, cached: known.cached + cached });
  }
  return [...pooled.values()];
}
