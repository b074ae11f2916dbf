// Roots that stand for one record: its own trace, the harness's beside it, and those that `sync` made of it since. What is
// said of the record is said of each.
//
//   traces/sync/roots.jsonl   one line a root that sync made: the record, the trace, its experiment

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseObject } from '../../core/json-text.ts';
import type { ScenarioResult } from '../../core/record.ts';
import { nameId } from '../../core/trace.ts';
import type { Feedback } from '../../tracing/spool/feedback.ts';
import { makeSpoolFolder, writeSpoolFile } from '../../tracing/spool/modes.ts';
import { besideFeedback } from './copied.ts';
import { SYNC_FOLDER } from './push.ts';
import type { Tracing } from './settings.ts';

export type SyncedRoot = {
  readonly v: 1;
  readonly key: string;
  readonly generation: number;
  /** Which of several draws of this generation, where machines drew it without a word to each other; not in lines of before. */
  readonly invocation?: string;
  /** The cell that it stands for: several may share one draw. */
  readonly variant: string;
  readonly scenario: string;
  readonly trace: string;
  /** ISO 8601 */
  readonly start: string;
  readonly project: string;
  readonly experiment: string;
};

/** By record, what sync made of it: of one variant more than one where its content changed its name. */
export type SyncedRoots = {
  of(record: Pick<ScenarioResult, 'key' | 'generation' | 'invocation'>): readonly SyncedRoot[];
  add(root: SyncedRoot): void;
};

export function openSyncedRoots(root: string): SyncedRoots {
  const folder = path.join(root, SYNC_FOLDER);
  const file = path.join(folder, 'roots.jsonl');
  const known = new Map<string, readonly SyncedRoot[]>();
  const keep = (one: SyncedRoot): void => {
    known.set(nameOf(one), [...(known.get(nameOf(one)) ?? []), one]);
  };
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  for (const line of lines) {
    const one = parse(line);
    if (one !== null) keep(one);
  }
  return {
    of: (record) =>
      (known.get(nameOf(record)) ?? []).filter(
        ({ invocation = record.invocation }) => invocation === record.invocation,
      ),
    add(one) {
      if (known.get(nameOf(one))?.some(({ trace }) => trace === one.trace)) return;
      keep(one);
      makeSpoolFolder(folder);
      writeSpoolFile(file, `${JSON.stringify(one)}\n`, { flag: 'a' });
    },
  };
}

function nameOf({
  key,
  generation = 1,
}: Pick<ScenarioResult, 'generation'> & { readonly key: string }): string {
  return `${key}@${generation}`;
}

function parse(line: string): SyncedRoot | null {
  const value = parseObject(line);
  return typeof value?.trace === 'string' ? (value as unknown as SyncedRoot) : null;
}

/** What somebody says, whichever root it is said of. */
export type Saying = Pick<Feedback, 'key' | 'score' | 'value' | 'comment' | 'source' | 'reviewer' | 'at'>;

/**
 * One feedback for each root that stands for a cell; none where it has none. A draw that cells share has one trace of its own:
 * that of the cell that it was drawn for.
 */
export function feedbackOfRoots(input: {
  readonly record: Pick<
    ScenarioResult,
    'key' | 'generation' | 'invocation' | 'trace' | 'attempts' | 'scenario'
  >;
  /** null = whoever says it means the draw. */
  readonly cell: { readonly variant: string; readonly scenario: string } | null;
  readonly synced: SyncedRoots;
  readonly tracing: Pick<Tracing, 'project' | 'extendRetention'>;
  readonly saying: Saying;
  /** Who says it, where it is no reviewer: what its id is made of. */
  readonly speaker?: string;
}): readonly Feedback[] {
  const { record, cell, tracing, saying } = input;
  const speaker = input.speaker ?? saying.reviewer ?? '';
  const about = (root: Pick<Feedback, 'trace' | 'start' | 'project' | 'experiment'>): Feedback => ({
    v: 1,
    id: nameId('feedback', root.trace, saying.key, speaker),
    ...root,
    ...saying,
    extendRetention: tracing.extendRetention,
  });
  const made = rootsOf(input.synced.of(record), input).map(({ trace, start, project, experiment }) =>
    about({ trace, start, project, experiment }),
  );
  const { trace } = record;
  if (trace === null || (cell !== null && cell.scenario !== record.scenario)) return made;
  const own = about({
    trace: trace.langsmith_run_id,
    start: record.attempts.at(-1)!.started_at,
    project: trace.project ?? tracing.project,
    experiment: trace.experiment ?? null,
  });
  const other = besideFeedback(own, trace.harness);
  return [own, ...(other === null ? [] : [other]), ...made];
}

function rootsOf(
  roots: readonly SyncedRoot[],
  input: Pick<Parameters<typeof feedbackOfRoots>[0], 'cell' | 'record'>,
): readonly SyncedRoot[] {
  const { cell, record } = input;
  if (cell !== null)
    return roots.filter(({ scenario, variant }) => scenario === cell.scenario && variant === cell.variant);
  const own = roots.filter(({ scenario }) => scenario === record.scenario);
  // Its scenario has another name by now.
  return own.length > 0 ? own : roots;
}
