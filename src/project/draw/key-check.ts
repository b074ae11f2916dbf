// Keys that are not set are found before anything starts: a task that cannot be asked is not begun, and nothing is paid beside it.

import type { StoreReader } from '../../cache/store.ts';
import { asksModel } from '../../core/asking.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Provider } from '../../core/manifest.ts';
import type { Plan } from '../../core/task.ts';
import { formatAmount } from '../../text/format.ts';
import { CommandError } from '../open/command-error.ts';
import { type Experiment, providerOf } from '../open/experiment.ts';
import { notifyDiagnostics, type World } from '../open/world.ts';

/** More names than these are a listing. */
const MOST_NAMES = 4;

/** Scores that a judge is to give; `isAtMost`: of answers that are still to be drawn nobody knows how many are equal. */
export type ToJudge = { readonly scorer: string; readonly scores: number; readonly isAtMost: boolean };

type Needed = {
  readonly variable: string;
  readonly provider: Provider;
  variants: Set<string>;
  tasks: number;
  readonly judges: ToJudge[];
};

/**
 * @param at.failed whether judgements that failed before are made again; null = nothing is judged
 * @throws CommandError where a pending task, or a judge, needs a key that is not set; own code, programs and tests have ways of their own
 */
export async function checkKeys(
  io: World,
  input: {
    readonly experiment: Experiment;
    readonly store: Pick<StoreReader, 'counting' | 'history' | 'madeBy' | 'measures'>;
    readonly plan: Plan;
    readonly failed: 'again' | 'leave' | null;
  },
): Promise<void> {
  const { experiment, plan, failed } = input;
  const needed = ofVariants(io, { experiment, plan });
  if (failed !== null && judgesWithoutKey(io, { experiment, only: [] })) {
    const { scoresAhead } = await import('../plan/score-estimate.ts');
    const ahead = scoresAhead({ ...input, failed });
    addJudges(io, {
      experiment,
      needed,
      toJudge: (ahead?.scorers ?? []).map(({ scorer, now, later }) => ({
        scorer,
        scores: now + later,
        isAtMost: later > 0,
      })),
    });
  }
  refuse(io, { needed, without: '--no-score draws and judges nothing' });
}

/** Whether it has to be found out what is to be judged. @param at.only names of scorers; empty = all */
export function judgesWithoutKey(
  { env }: Pick<World, 'env'>,
  { experiment, only }: { readonly experiment: Experiment; readonly only: readonly string[] },
): boolean {
  const { scorers, providers } = experiment.manifest;
  return scorers.some(
    (scorer) =>
      asksModel(scorer) &&
      (only.length === 0 || only.includes(scorer.name)) &&
      missingOf(env, providers[scorer.provider]!) !== null,
  );
}

/** @throws CommandError where one of these judges needs a key that is not set */
export function checkJudges(
  io: World,
  { experiment, toJudge }: { readonly experiment: Experiment; readonly toJudge: readonly ToJudge[] },
): void {
  const needed = new Map<string, Needed>();
  addJudges(io, { experiment, needed, toJudge });
  refuse(io, { needed, without: '--scorer judges by others alone' });
}

function ofVariants(
  { env }: Pick<World, 'env'>,
  { experiment, plan }: { readonly experiment: Experiment; readonly plan: Plan },
): Map<string, Needed> {
  const needed = new Map<string, Needed>();
  for (const { variant } of plan.pending) {
    if (experiment.variants.get(variant)!.variant.harness !== null) continue;
    const need = needOf(needed, { env, provider: providerOf(experiment, variant) });
    if (need === null) continue;
    need.variants.add(variant);
    need.tasks++;
  }
  // Tasks are in the order in which they run.
  const places = new Map([...experiment.variants.keys()].map((name, i) => [name, i]));
  for (const need of needed.values())
    need.variants = new Set([...need.variants].sort((a, b) => places.get(a)! - places.get(b)!));
  return needed;
}

function addJudges(
  { env }: Pick<World, 'env'>,
  input: {
    readonly experiment: Experiment;
    readonly needed: Map<string, Needed>;
    readonly toJudge: readonly ToJudge[];
  },
): void {
  const { scorers, providers } = input.experiment.manifest;
  for (const one of input.toJudge) {
    const scorer = scorers.find(({ name }) => name === one.scorer);
    if (scorer === undefined || !asksModel(scorer) || one.scores === 0) continue;
    needOf(input.needed, { env, provider: providers[scorer.provider]! })?.judges.push(one);
  }
}

/** null = its key is there, or it wants none. */
function needOf(
  needed: Map<string, Needed>,
  { env, provider }: { readonly env: World['env']; readonly provider: Provider },
): Needed | null {
  const variable = missingOf(env, provider);
  if (variable === null) return null;
  const id = JSON.stringify([variable, provider.name]);
  const need = needed.get(id) ?? { variable, provider, variants: new Set(), tasks: 0, judges: [] };
  needed.set(id, need);
  return need;
}

function missingOf(env: World['env'], { apiKeyEnv }: Provider): string | null {
  return apiKeyEnv === null || env[apiKeyEnv]?.trim() ? null : apiKeyEnv;
}

function refuse(
  io: World,
  { needed, without }: { readonly needed: ReadonlyMap<string, Needed>; readonly without: string },
): void {
  if (needed.size === 0) return;
  notifyDiagnostics(
    io,
    [...needed.values()].map((need) => told(need, without)),
  );
  throw new CommandError(
    needed.size === 1 ? 'a key is missing; nothing was started' : 'keys are missing; nothing was started',
  );
}

function told({ variable, provider, variants, tasks, judges }: Needed, without: string): Diagnostic {
  const { name, baseUrl } = provider;
  const scores = judges.reduce((sum, one) => sum + one.scores, 0);
  const most = judges.some(({ isAtMost }) => isAtMost) ? 'up to ' : '';
  const work = [
    ...(tasks === 0 ? [] : [`${formatAmount(tasks, 'task')} of ${listOf([...variants])}`]),
    ...(scores === 0
      ? []
      : [`${most}${formatAmount(scores, 'score')} of ${listOf(judges.map(({ scorer }) => scorer))}`]),
  ];
  const otherwise =
    tasks > 0 ? (baseUrl === null ? '' : '; without api_key_env no key is sent') : `; ${without}`;
  return {
    severity: 'error',
    code: 'key-not-set',
    message: `${variable} is not set: the key of provider ${name}, for ${work.join(' and ')}`,
    location: null,
    hint: `export ${variable}=..., or name another variable: providers: { ${name}: { api_key_env: NAME } }${otherwise}`,
    related: [],
  };
}

function listOf(names: readonly string[]): string {
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}
