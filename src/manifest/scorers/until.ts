// `until:` with every name looked up: what is to be reached, by which arms, and how many runs it may take.
import type { Manifest } from '../../core/manifest.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { Until, UntilGoal } from '../../core/until.ts';
import { meansVariant } from '../../core/variant-names.ts';
import { type Reading, say } from '../reading.ts';

/** null = something is wrong, and that was said. */
export function readUntil(
  reading: Reading,
  { variants: declared, scorers }: Pick<Manifest, 'variants' | 'scorers'>,
): Until | null {
  const raw = reading.raw.until;
  const goal = readGoal(reading);
  const variants = readVariants(
    reading,
    declared.map(({ name }) => name),
  );
  if (raw?.max_runs === undefined || goal === null || variants === null) return null;
  if (scorers.length === 0) {
    const message = '"until" looks at scores, and nothing judges these answers';
    return wrong(reading, { key: [], message, hint: 'give scenarios an "expect:", or declare "scorers:"' });
  }
  if (goal.kind === 'decided' && variants.length < 2) {
    const message = '"decided" is about a difference, and there is one arm';
    return wrong(reading, { key: ['decided'], message, hint: 'half_width: is for one arm' });
  }
  const arms = declared.filter(({ name }) => variants.includes(name));
  const runs = Math.max(...arms.map((arm) => arm.runs));
  const fewer = arms.find((arm) => arm.runs !== runs);
  if (fewer !== undefined) {
    const message = `"until" draws run after run for all of its arms, and ${JSON.stringify(fewer.name)} begins with ${fewer.runs} where others begin with ${runs}`;
    const hint = 'give them the same "runs:", or name those that go together: variants: [...]';
    return wrong(reading, { key: [], message, hint });
  }
  const own = arms.find(({ harness }) => harness?.kind === 'pytest' && harness.hasOwnRuns);
  if (own !== undefined) {
    const message = `"until" begins with "runs:", and ${JSON.stringify(own.name)} has none: its tests say how often they run`;
    return wrong(reading, {
      key: [],
      message,
      hint: 'write runs: 3 beside "variants:"; tests are told of it',
    });
  }
  if (raw.max_runs <= runs) {
    const message = `"max_runs: ${raw.max_runs}" leaves no run to add: there are ${runs} before the first look ("runs:")`;
    return wrong(reading, { key: ['max_runs'], message, hint: `write more than ${runs}` });
  }
  return { goal, metric: raw.metric ?? 'score', variants, runs, maxRuns: raw.max_runs };
}

function readGoal(reading: Reading): UntilGoal | null {
  const { half_width: width, decided, max_runs: most } = reading.raw.until ?? {};
  if (width !== undefined && decided !== undefined) {
    const message = '"until" has one goal: half_width or decided';
    return wrong(reading, { key: ['decided'], message, hint: 'leave one of them out' });
  }
  if (width !== undefined) return { kind: 'half-width', size: width };
  if (decided !== undefined) return { kind: 'decided', size: decided };
  if (['half_width', 'decided'].some((name) => reading.isSpoiled(['until', name]))) return null;
  const hint = `half_width: 0.05 (an interval of +-0.05), or decided: 0.1 (a difference is found, or shown to be smaller)`;
  const message = `"until" does not say what is to be reached${most === undefined ? '' : ` with at most ${most} runs`}`;
  return wrong(reading, { key: [], message, hint });
}

/** In the order in which they are named; a glob's in the order of the manifest. */
function readVariants(reading: Reading, declared: readonly string[]): readonly string[] | null {
  const named = reading.raw.until?.variants ?? [];
  if (named.length === 0) return declared;
  const chosen = new Set<string>();
  for (const [i, pattern] of named.entries()) {
    const means = declared.filter(meansVariant([pattern], declared));
    for (const name of means) chosen.add(name);
    if (means.length > 0) continue;
    const message = `no variant matches ${JSON.stringify(pattern)}`;
    say(reading, {
      path: ['until', 'variants', i],
      code: 'unknown-variant',
      message,
      hint: didYouMean(pattern, declared) ?? `there are ${declared.slice(0, 6).join(', ')}`,
    });
    return null;
  }
  return [...chosen];
}

function wrong(
  reading: Reading,
  input: { readonly key: readonly (string | number)[]; readonly message: string; readonly hint: string },
): null {
  const { key, message, hint } = input;
  const part = key.length === 0 ? 'key' : 'value';
  say(reading, { path: ['until', ...key], part, code: 'wrong-value', message, hint });
  return null;
}
