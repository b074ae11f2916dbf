// Keys that are not set are found before anything starts: a task that cannot be asked is not begun, and nothing is paid beside it.
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Plan } from '../core/task.ts';
import { formatAmount } from '../progress/format.ts';
import { CommandError } from './exit.ts';
import { type Experiment, printDiagnostics, providerOf } from './experiment.ts';
import type { Io } from './io.ts';

/** More names than these are a listing. */
const MOST_NAMES = 4;

/** @throws CommandError where a pending task needs a key that is not set; own code, programs and tests have ways of their own */
export function checkKeys(io: Io, of: { readonly experiment: Experiment; readonly plan: Plan }): void {
  const missing = missingKeys(io, of);
  if (missing.length === 0) return;
  printDiagnostics(io, missing);
  throw new CommandError(
    missing.length === 1 ? 'a key is missing; nothing was started' : 'keys are missing; nothing was started',
  );
}

function missingKeys(
  { env }: Pick<Io, 'env'>,
  { experiment, plan }: { readonly experiment: Experiment; readonly plan: Plan },
): readonly Diagnostic[] {
  const needed = new Map<string, { readonly name: string; variants: Set<string>; tasks: number }>();
  for (const { variant } of plan.pending) {
    if (experiment.variants.get(variant)!.variant.harness !== null) continue;
    const { name, apiKeyEnv } = providerOf(experiment, variant);
    if (apiKeyEnv === null || env[apiKeyEnv]?.trim()) continue;
    const id = JSON.stringify([apiKeyEnv, name]);
    const need = needed.get(id) ?? { name, variants: new Set(), tasks: 0 };
    needed.set(id, need);
    need.variants.add(variant);
    need.tasks++;
  }
  return [...needed].map(([id, { name, variants, tasks }]) => {
    const [variable] = JSON.parse(id) as [string];
    const named = [...experiment.variants.keys()].filter((variant) => variants.has(variant));
    const names = named.slice(0, MOST_NAMES).join(', ');
    const more = variants.size > MOST_NAMES ? ` and ${variants.size - MOST_NAMES} more` : '';
    return {
      severity: 'error',
      code: 'key-not-set',
      message: `${variable} is not set: the key of provider ${name}, for ${formatAmount(tasks, 'task')} of ${names}${more}`,
      location: null,
      hint: `export ${variable}=..., or name another variable: providers: { ${name}: { api_key_env: NAME } }; null where the server wants none`,
      related: [],
    };
  });
}
