// A pytest harness -> the experiment that it is. pytest is asked what it would run; none of the tests runs.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { testPathsOf } from '../../manifest/code/pytest-files.ts';
import { CommandError } from '../open/command-error.ts';
import { collectItems, type PytestItem, type VariantsFrom } from '../open/pytest-collect.ts';
import type { World } from '../open/world.ts';
import { passedNames } from './pytest-env.ts';
import { type Candidate, candidatesOf, runsOf } from './pytest-guess.ts';
import { findPython } from './pytest-python.ts';
import { byScenario, manifestText, SCENARIO_FILE, scenariosText } from './pytest-texts.ts';

export type PytestInput = {
  /** Absolute: where the manifest is, or is to be. */
  readonly folder: string;
  /** A file or folder, from the world's folder; null = where pytest itself would look. */
  readonly tests: string | null;
  /** The interpreter; null = it is looked for. */
  readonly python: string | null;
  /** Say what would be written and write nothing. */
  readonly dryRun: boolean;
};

export type FromPytestInput = PytestInput & {
  /** What the tests compare; null = it is guessed. */
  readonly variantsFrom: VariantsFrom | null;
  /** null = as the tests repeat themselves, else 3. */
  readonly runs: number | null;
  /** Asked which of several guesses is meant, the best first. Without it the best is taken. */
  readonly choose?: (candidates: readonly Candidate[]) => Promise<number>;
};

export type PytestExperiment = {
  /** Relative to the folder. */
  readonly files: readonly string[];
  readonly variants: number;
  readonly scenarios: number;
  readonly runs: number;
  /** Repetitions of one test are one. */
  readonly tests: number;
  /** Tests that have no variant. */
  readonly leftOut: number;
  readonly chosen: ChosenVariants;
  readonly python: string;
  /** Where it was found; null = it was given. */
  readonly pythonFrom: string | null;
  /** Variables that are passed on, by name. */
  readonly passed: readonly string[];
  /** There is a .env here that the tests do not read by themselves. */
  readonly hasEnvFile: boolean;
};

export type ChosenVariants = Candidate & {
  /** What might have been meant as well. */
  readonly others: readonly Candidate[];
  readonly isGiven: boolean;
};

/**
 * Writes experiment.yaml and the scenarios, or nothing where one of them is there already.
 * @throws CommandError where no tests are found, or none of them has a variant
 */
export async function experimentFromPytest(world: World, input: FromPytestInput): Promise<PytestExperiment> {
  const { folder, dryRun } = input;
  const tests = testsOf(world, input);
  refuseTaken(folder);
  const first = path.resolve(folder, tests[0]!);
  const given = input.python ?? undefined;
  const { python, why } = await findPython({ io: world, folder, tests: first, given });
  const collect = (from: VariantsFrom) =>
    collectItems({ io: world, folder, tests, python, from, runsFrom: 'auto' });
  const looked = await collect(USUAL);
  if (looked.items.length === 0) throw new CommandError(`pytest collected no test in ${tests.join(' ')}`);
  const chosen = await choose(looked.items, input);
  const { from } = chosen;
  const isSame = from.kind === USUAL.kind && from.name === USUAL.name;
  const collected = isSame ? looked : await collect(from);
  const items = collected.items.map((item) => (from.kind === 'env' ? { ...item, variant: 'default' } : item));
  const found = items.filter(({ variant }) => variant !== null);
  if (found.length === 0) {
    throw new CommandError(
      `no test has the ${from.kind} ${JSON.stringify(from.name)}; ${whatIsThere(looked.items)}`,
    );
  }
  const runs = input.runs ?? runsOf(found) ?? DEFAULT_RUNS;
  const runsFrom = found.find(({ runParam }) => runParam !== null)?.runParam ?? null;
  const passed = passedNames({ ...looked, env: world.env });
  const variants = [...new Set(found.map(({ variant }) => variant!))];
  const files = new Map([
    ['experiment.yaml', manifestText({ tests, python, from, runs, runsFrom, pass: passed, variants })],
    [SCENARIO_FILE, scenariosText(found)],
  ]);
  // pytest was asked all the same: what would be written hangs on what it says.
  for (const [name, text] of dryRun ? [] : files) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text, { flag: 'wx' });
  }
  const isLeftOut = items.some(({ variant }) => variant === null);
  return {
    files: [...files.keys()],
    variants: variants.length,
    scenarios: byScenario(found).size,
    runs,
    tests: testsIn(found),
    leftOut: isLeftOut ? testsIn(items) - testsIn(found) : 0,
    chosen,
    python,
    pythonFrom: why,
    passed,
    hasEnvFile: existsSync(path.join(folder, '.env')) && !looked.imports.includes('dotenv'),
  };
}

const USUAL: VariantsFrom = { kind: 'param', name: 'variant' };
const DEFAULT_RUNS = 3;

function refuseTaken(folder: string): void {
  const taken = ['experiment.yaml', SCENARIO_FILE].filter((name) => existsSync(path.join(folder, name)));
  if (taken.length === 0) return;
  throw new CommandError(
    `${taken.join(', ')} ${taken.length === 1 ? 'is' : 'are'} there already and nothing was written; to adopt what is new in the tests or gone from them, keeping your edits: npx expgraph init --from-pytest --refresh`,
  );
}

/** Relative to the folder, with forward slashes; where nobody says it, what pytest's own settings say, else `tests`. */
function testsOf({ cwd }: World, { folder, tests }: PytestInput): readonly string[] {
  const shown = (file: string): string => path.relative(folder, file).replaceAll('\\', '/') || '.';
  if (tests !== null) {
    const file = path.resolve(cwd, tests);
    if (!existsSync(file)) throw new CommandError(`there is no ${tests}`);
    return [shown(file)];
  }
  const configured = testPathsOf(folder).filter((file) => existsSync(file));
  if (configured.length > 0) return configured.map(shown);
  const usual = ['tests', 'test'].find((name) => existsSync(path.join(folder, name)));
  if (usual !== undefined) return [usual];
  throw new CommandError(
    'no testpaths in the settings of pytest and no folder tests: name the path, e.g. npx expgraph init --from-pytest experiments/',
  );
}

async function choose(
  items: readonly PytestItem[],
  { variantsFrom, choose: ask }: FromPytestInput,
): Promise<ChosenVariants> {
  if (variantsFrom !== null) return { from: variantsFrom, values: [], others: [], isGiven: true };
  const candidates = candidatesOf(items);
  const chosen = candidates[candidates.length > 1 && ask ? await ask(candidates) : 0];
  const env: Candidate = { from: { kind: 'env', name: 'VARIANT' }, values: [] };
  const others = candidates.filter((one) => one !== chosen);
  return { ...(chosen ?? env), others, isGiven: false };
}

function whatIsThere(items: readonly PytestItem[]): string {
  const params = [...new Set(items.flatMap(({ params }) => Object.keys(params)))];
  return params.length === 0 ? 'the tests have no parameters' : `their parameters are: ${params.join(', ')}`;
}

/** Repetitions of one test are one test. */
function testsIn(items: readonly PytestItem[]): number {
  return new Set(items.map(({ variant, scenario }) => JSON.stringify([variant, scenario]))).size;
}

/** `param:NAME`, `marker:NAME` or `env:NAME`, as the command line has it. @throws CommandError on anything else */
export function readVariantsFrom(text: string): VariantsFrom {
  const [kind, name = kind === 'env' ? 'VARIANT' : 'variant'] = text.split(':');
  if (kind !== 'param' && kind !== 'marker' && kind !== 'env') {
    throw new CommandError(
      `--variants-from takes param:NAME, marker:NAME or env:NAME, not ${JSON.stringify(text)}`,
    );
  }
  return { kind, name };
}
