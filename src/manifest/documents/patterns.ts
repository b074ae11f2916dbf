// What a manifest hangs on beside its text: the files that were read for it, and the patterns that further files may match.
import type { ExperimentFile } from '../../core/generated/experiment.ts';
import { scenarioGlobs } from './globs.ts';

export type ReadFiles = {
  /** Absolute; some of them may not be there. What matches `patterns` is not among them. */
  readonly files: readonly string[];
  /** Globs relative to the manifest's folder; a leading ! excludes. */
  readonly patterns: readonly string[];
};

/** A manifest may be broken: whatever is sound of it counts. */
export function patternsOf(raw: Partial<ExperimentFile>): readonly string[] {
  const harnesses = [raw, ...Object.values(raw.variants ?? {})].flatMap((at) => at.pytest ?? []);
  const written = [
    ...scenarioGlobs(raw.scenarios).map(({ pattern }) => pattern),
    ...(raw.inputs ?? []),
    ...(raw.prepare ?? []).flatMap((step) => step?.inputs ?? []),
    // A new file of tests, or a conftest.py, changes what is collected.
    ...harnesses.flatMap(({ path }) => path ?? []).map(testsOf),
  ];
  return [...new Set(written.filter((pattern) => typeof pattern === 'string'))];
}

function testsOf(written: string): string {
  const at = written.split('::')[0]!;
  return at.endsWith('.py') ? at : `${at.replace(/\/+$/, '')}/**/*.py`;
}
