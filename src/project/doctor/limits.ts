// Where the next run begins at an account, of what an earlier one found out.
import path from 'node:path';
import { fadedHint, foundLimits } from '../../core/limit-memory.ts';
import type { Provider } from '../../core/manifest.ts';
import { agoWords, limitsWords } from '../../text/limits-words.ts';
import { presentAccounts } from '../open/account-digest.ts';
import type { Experiment } from '../open/experiment.ts';
import { LIMITS_FILE, readLimits } from '../open/limits-file.ts';
import type { World } from '../open/world.ts';
import { type Check, ok } from './check.ts';

/** None where it never refused anything. */
export function limitsChecks(
  { clock, cwd }: Pick<World, 'clock' | 'cwd'>,
  { provider, experiment }: { readonly provider: Provider; readonly experiment: Experiment },
): readonly Check[] {
  const { root } = experiment;
  const kept = presentAccounts(readLimits(root), experiment).find(({ lane }) => lane === provider.name);
  if (kept === undefined) return [];
  const ageMs = clock.now().getTime() - Date.parse(kept.found_at);
  const hint = fadedHint(kept, ageMs);
  const begins = hint && foundLimits(kept.lane, hint);
  if (begins === null) return [];
  const file = path.relative(cwd, path.join(root, LIMITS_FILE));
  return [
    ok(
      `limits of ${provider.name}`,
      `a run begins at ${limitsWords(begins)}, as found ${agoWords(ageMs)} (${file})`,
    ),
  ];
}
