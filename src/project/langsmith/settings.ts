// How this experiment is traced: the manifest, then LangSmith's own variables, then defaults.
import path from 'node:path';
import type { Shield } from '../../core/trace.ts';
import { type Endpoint, readLangSmithEnv } from '../../tracing/endpoint.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';

export type Tracing = {
  readonly endpoint: Endpoint;
  /** artifacts/<experiment>/traces */
  readonly root: string;
  readonly project: string;
  readonly dataset: string;
  readonly experiments: boolean;
  /** Whether `sync` uploads a result whose trace is in a plain project already. */
  readonly secondRoots: boolean;
  readonly sampling: number;
  readonly shield: Shield;
  readonly extendRetention: boolean;
};

export type TracingState =
  | { readonly kind: 'on'; readonly tracing: Tracing }
  | { readonly kind: 'off'; readonly why: string; readonly isMeant: boolean };

const DEFAULT_PROJECT = 'expgraph';

export function tracesRoot(experiment: Experiment): string {
  return path.join(experiment.root, 'traces');
}

export function readTracing(io: World, experiment: Experiment): TracingState {
  const { langsmith, name, secrets } = experiment.manifest;
  if (langsmith === null) return { kind: 'off', why: 'tracing.langsmith is false', isMeant: true };
  const env = readLangSmithEnv(io.env);
  if (env.kind === 'off') return env;
  const shield: Shield = {
    secretNames: [...new Set(secrets.map((secret) => secret.name))],
    rules: langsmith.rules,
    inputs: langsmith.inputs ?? (env.hideInputs ? 'none' : 'full'),
    outputs: langsmith.outputs ?? (env.hideOutputs ? 'none' : 'full'),
    metadata: langsmith.metadata ?? (env.hideMetadata ? 'none' : 'full'),
    maxChars: langsmith.maxChars,
  };
  const tracing = {
    endpoint: env.endpoint,
    root: tracesRoot(experiment),
    project: langsmith.project ?? env.project ?? DEFAULT_PROJECT,
    dataset: langsmith.dataset ?? `expgraph/${name}`,
    experiments: langsmith.experiments,
    secondRoots: langsmith.secondRoots,
    sampling: langsmith.sampling ?? env.sampling ?? 1,
    shield,
    extendRetention: langsmith.extendRetention,
  };
  return { kind: 'on', tracing };
}

/** @throws CommandError where it is off */
export function requireTracing(world: World, experiment: Experiment): Tracing {
  const state = readTracing(world, experiment);
  if (state.kind === 'off') throw new CommandError(`tracing is off: ${state.why}`);
  return state.tracing;
}
