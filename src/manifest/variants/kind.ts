// Whether a variant's work is done by something else than a call of ours, as far as its words say. Light: asked for every
// manifest, before anything is loaded.
import type { ExperimentFile } from '../../core/generated/experiment.ts';
import type { Reading } from '../reading.ts';

export type RawVariant = NonNullable<ExperimentFile['variants'][string]>;

export const KINDS = ['use', 'command', 'pytest'] as const;
/** What is said of the process of a command, and of nothing else; `in_flight` of own code, too. */
export const OF_COMMANDS = ['protocol', 'processes', 'in_flight'] as const;
export const OF_PROCESSES = ['env', 'pass_env', 'env_file'] as const;

/** Whether the variants need this step at all: most experiments do not, and its libraries are not loaded. */
export function hasHarness(raw: Partial<ExperimentFile>): boolean {
  if (raw.pytest !== undefined || raw.mcp !== undefined || (raw.prepare ?? []).length > 0) return true;
  return Object.values(raw.variants ?? {}).some(
    (variant) =>
      variant &&
      [
        ...KINDS,
        ...OF_COMMANDS,
        ...OF_PROCESSES,
        'mcp' as const,
        'pytest_variant' as const,
        'proxy' as const,
      ].some((key) => variant[key] !== undefined),
  );
}

/** Which kind does this variant's work; null = expgraph calls the model. */
export function kindOf(reading: Reading, key: string): (typeof KINDS)[number] | null {
  const variant = reading.raw.variants?.[key];
  const own = KINDS.find((kind) => variant?.[kind] !== undefined);
  return own ?? (reading.raw.pytest === undefined ? null : 'pytest');
}
