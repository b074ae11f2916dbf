// Files that were read and that no key knows. Each is told once; where inputs are strict, an answer that hangs on one
// satisfies nothing.
import path from 'node:path';
import type { Harness } from '../../core/harness.ts';
import { hasMedia, mediaIn } from '../../core/media.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Task } from '../../core/task.ts';
import type { ScoreTask } from '../../planner/scores.ts';
import { countsInTests } from '../../variants/pytest-content.ts';
import {
  type Declared,
  isDeclared,
  isStrict,
  lineOf,
  madePaths,
  pathsOf,
  sentence,
  sourcesOf,
} from './declared-inputs.ts';
import type { Emit } from './emit.ts';
import type { Experiment } from './experiment.ts';
import type { World } from './world.ts';

type Telling = {
  readonly io: Pick<World, 'env'>;
  readonly experiment: Experiment;
  readonly emit: Emit;
};

/** @returns why an answer satisfies nothing; null = it was only said, or there is nothing to say */
type Noticed = (task: Task, outcome: Outcome) => string | null;

export function tellUndeclared(input: Telling): Noticed {
  const { manifest, variants } = input.experiment;
  /** What a scenario shows is in the keys of its own cells, and in no other's. */
  const shown = new Map(
    manifest.scenarios.flatMap(({ id, input }) =>
      typeof input === 'string' || !hasMedia(input) ? [] : [[id, mediaIn(input).map(({ file }) => file)]],
    ),
  );
  const files = new Set([...shown.values()].flat());
  const sources = sourcesOf(manifest).filter((file) => !files.has(file));
  const shared = [...pathsOf(manifest.inputs), ...madePaths(manifest)];
  const ofScenario = new Map(
    manifest.scenarios.map(({ id, source }) => [id, path.resolve(manifest.folder, source.file)]),
  );
  const patterns = [...manifest.inputPatterns, ...manifest.prepare.flatMap(({ outputs }) => outputs)];
  const { folder } = manifest;
  /** Tests are told less of the manifest than others, so that less of it is in their keys. */
  const countedSources = (harness: Harness | null, scenario: string): readonly string[] => {
    if (harness?.kind !== 'pytest' || harness.reach === null) return sources;
    const reached = { ...harness, reach: harness.reach };
    return sources.filter((file) =>
      countsInTests(file, {
        harness: reached,
        scenario,
        isOfScenario: ofScenario.get(scenario) === path.resolve(manifest.folder, file),
      }),
    );
  };
  return tell(input, ({ variant, scenario }) => {
    const { harness, mcp } = variants.get(variant)!.variant;
    const code = [...(harness?.code.files ?? []), ...(mcp?.code.files ?? [])];
    return {
      declared: {
        folder,
        files: new Set([
          ...countedSources(harness, scenario),
          ...(shown.get(scenario) ?? []),
          ...shared,
          ...pathsOf(code),
        ]),
        patterns,
      },
      who: variant,
      where: 'the manifest',
    };
  });
}

/** A scorer's own `inputs` are part of its code; those of the experiment are in no key of a score. */
export function tellUndeclaredOfScorers(input: Telling): Noticed {
  const { manifest } = input.experiment;
  const { folder } = manifest;
  return tell(input, (task) => {
    const { scorer: name } = task as ScoreTask;
    const scorer = manifest.scorers.find((one) => one.name === name)!;
    const code = scorer.kind === 'code' || scorer.kind === 'command' ? scorer.harness.code.files : [];
    return {
      declared: { folder, files: new Set([...sourcesOf(manifest), ...pathsOf(code)]), patterns: null },
      who: `scorer ${name}`,
      where: `scorer ${name}`,
    };
  });
}

function tell(
  { io, experiment, emit }: Telling,
  placeOf: (task: Task) => { readonly declared: Declared; readonly who: string; readonly where: string },
): Noticed {
  const strict = isStrict(io, experiment.manifest);
  const told = new Set<string>();
  return (task, { undeclared = [] }) => {
    if (undeclared.length === 0) return null;
    const { declared, who, where } = placeOf(task);
    const found = undeclared.filter((name) => !isDeclared(name, declared));
    for (const name of found) {
      if (told.has(name)) continue;
      told.add(name);
      emit({
        kind: 'diagnostic',
        severity: strict ? 'error' : 'warning',
        code: 'undeclared-input',
        message: sentence(who, [name]),
        hint: `add it to ${where}: ${lineOf([name])}`,
      });
    }
    return !strict || found.length === 0
      ? null
      : `${sentence(who, found)}; add to ${where}: ${lineOf(found)}`;
  };
}
