// An experiment as a program holds it: opened once, so that mistakes show at once; each use case reads its files again.
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { MakeStores } from '../open/stores.ts';
import type { World } from '../open/world.ts';
import { type ProgramWorldOptions, programWorld, type WorldOptions } from './world.ts';

export type OpenOptions = Omit<WorldOptions, 'signal' | 'leave'>;

/** What `openExperiment` gives, and every other function takes. */
export type Experiment = {
  readonly name: string;
  /** The manifest, absolute. */
  readonly file: string;
  /** Of the manifest, absolute; results are in `artifacts/<name>` below it. */
  readonly folder: string;
  /** Names of the arms, matrices expanded. */
  readonly variants: readonly string[];
  /** Ids. */
  readonly scenarios: readonly string[];
  /** Scorers of the manifest by name. */
  readonly scorers: readonly string[];
  /** What is odd and no mistake, each with its place. */
  readonly warnings: readonly Diagnostic[];
};

/** What was said when it was opened; its functions find it by the experiment. */
const OPENED = new WeakMap<Experiment, { readonly options: OpenOptions; readonly stores?: MakeStores }>();

/**
 * Reads and checks a manifest with everything that it names.
 * @param file a manifest or its folder, from `cwd`; left out = the nearest `experiment.yaml` here or above
 * @throws ManifestError with all its mistakes in `diagnostics`, each with file, line and column; CommandError where there is none
 */
export async function openExperiment(file?: string, options: OpenOptions = {}): Promise<Experiment> {
  const stores = options.store === 'memory' ? await inMemory() : undefined;
  const world = programWorld(options, stores);
  // Loaded now: own code imports this package as well, and opens nothing.
  const [{ findManifest }, opening] = await Promise.all([
    import('../open/find-manifest.ts'),
    import('../open/experiment.ts'),
  ]);
  const found = findManifest(world, file ?? null);
  const { manifest, warnings } = await opening.openExperiment(world, found);
  const experiment: Experiment = {
    name: manifest.name,
    file: manifest.file,
    folder: manifest.folder,
    variants: manifest.variants.map(({ name }) => name),
    scenarios: manifest.scenarios.map(({ id }) => id),
    scorers: manifest.scorers.map(({ name }) => name),
    warnings,
  };
  OPENED.set(experiment, { options, ...(stores ? { stores } : {}) });
  return experiment;
}

/** The world that an experiment was opened in, with what one call of a use case says beside it. */
export function worldOf(experiment: Experiment, options: ProgramWorldOptions = {}): World {
  const opened = OPENED.get(experiment);
  if (opened === undefined) throw new TypeError('the experiment must come from openExperiment()');
  return programWorld({ ...opened.options, ...options }, opened.stores);
}

async function inMemory(): Promise<MakeStores> {
  return (await import('./memory-stores.ts')).memoryStores();
}
