// expgraph init --from-pytest: looks at a pytest harness and writes the experiment that it is.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { testPathsOf } from '../../manifest/code/pytest-files.ts';
import { passedNames } from '../../project/init/pytest-env.ts';
import { type Candidate, candidatesOf, runsOf } from '../../project/init/pytest-guess.ts';
import type { FromPytestOptions } from '../../project/init/pytest-options.ts';
import { findPython } from '../../project/init/pytest-python.ts';
import { byScenario, manifestText, SCENARIO_FILE, scenariosText } from '../../project/init/pytest-texts.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { collectItems, type PytestItem, type VariantsFrom } from '../../project/open/pytest-collect.ts';
import type { Io } from '../io.ts';
import { ask, canAsk } from '../terminal/ask.ts';

/** Writes nothing if any of its files is there already. */
export async function initFromPytest(io: Io, folder: string, options: FromPytestOptions): Promise<number> {
  const target = path.resolve(io.cwd, folder);
  if (options.refresh) {
    const { refreshFromPytest } = await import('../../project/init/pytest-refresh.ts');
    for (const line of await refreshFromPytest(io, target, options)) io.out.write(`${line}\n`);
    return 0;
  }
  const tests = testsOf(io, target, options);
  const asked = runsAsked(options.runs);
  const taken = ['experiment.yaml', SCENARIO_FILE].filter((name) => existsSync(path.join(target, name)));
  if (taken.length > 0) {
    throw new CommandError(
      `${taken.join(', ')} ${taken.length === 1 ? 'is' : 'are'} there already and nothing was written; to adopt what is new in the tests or gone from them, keeping your edits: npx expgraph init --from-pytest --refresh`,
    );
  }
  const first = path.resolve(target, tests[0]!);
  const { python, why } = await findPython({ io, folder: target, tests: first, given: options.python });
  const collect = (from: VariantsFrom) =>
    collectItems({ io, folder: target, tests, python, from, runsFrom: 'auto' });
  const looked = await collect(USUAL);
  if (looked.items.length === 0) throw new CommandError(`pytest collected no test in ${tests.join(' ')}`);
  const chosen = await choose(looked.items, options.variantsFrom);
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
  const runs = asked ?? runsOf(found) ?? DEFAULT_RUNS;
  const runsFrom = found.find(({ runParam }) => runParam !== null)?.runParam ?? null;
  const pass = passedNames({ ...looked, env: io.env });
  const variants = [...new Set(found.map(({ variant }) => variant!))];
  const files = new Map([
    ['experiment.yaml', manifestText({ tests, python, from, runs, runsFrom, pass, variants })],
    [SCENARIO_FILE, scenariosText(found)],
  ]);
  // pytest was asked all the same: what would be written hangs on what it says.
  for (const [name, text] of options.dryRun ? [] : files) {
    mkdirSync(path.dirname(path.join(target, name)), { recursive: true });
    writeFileSync(path.join(target, name), text, { flag: 'wx' });
  }
  const say = (line: string): void => io.out.write(`${line}\n`);
  say(
    `${[...files.keys()].map((name) => `  ${options.dryRun ? 'would write' : 'wrote'} ${name}`).join('\n')}\n`,
  );
  const scenarios = byScenario(found).size;
  const without = new Set(items.filter(({ variant }) => variant === null).map(({ scenario }) => scenario))
    .size;
  say(
    `${variants.length} variants x ${scenarios} scenarios x ${runs} runs, from ${testsIn(found)} tests${
      without > 0 ? `; ${testsIn(items) - testsIn(found)} tests without a variant are left out` : ''
    }`,
  );
  for (const line of chosenWords(chosen)) say(line);
  if (why !== null) say(`Python: ${python} (${why}); another: --python PROGRAM`);
  if (pass.length > 0) say(`Passed on from the environment, by name: ${pass.join(', ')} (pass_env)`);
  if (existsSync(path.join(target, '.env')) && !looked.imports.includes('dotenv'))
    say(
      'There is a .env here. If the tests need it, write "env_file: .env" under "pytest:" in experiment.yaml.',
    );
  const cd = target === io.cwd ? '' : `cd ${path.relative(io.cwd, target) || target} && `;
  if (!options.dryRun) say(`\nTry it: ${cd}npx expgraph plan && npx expgraph run`);
  return 0;
}

const USUAL: VariantsFrom = { kind: 'param', name: 'variant' };
const DEFAULT_RUNS = 3;

/** Relative to the target, with forward slashes; where nobody says it, what pytest's own settings say, else `tests`. */
function testsOf(io: Io, target: string, { fromPytest }: FromPytestOptions): readonly string[] {
  const shown = (file: string): string => path.relative(target, file).replaceAll('\\', '/') || '.';
  if (fromPytest !== true) {
    const file = path.resolve(io.cwd, fromPytest);
    if (!existsSync(file)) throw new CommandError(`there is no ${fromPytest}`);
    return [shown(file)];
  }
  const told = testPathsOf(target).filter((file) => existsSync(file));
  if (told.length > 0) return told.map(shown);
  const usual = ['tests', 'test'].find((name) => existsSync(path.join(target, name)));
  if (usual !== undefined) return [usual];
  throw new CommandError(
    'no testpaths in the settings of pytest and no folder tests: name the path, e.g. npx expgraph init --from-pytest experiments/',
  );
}

function runsAsked(runs: string | undefined): number | null {
  if (runs === undefined) return null;
  if (!/^[1-9][0-9]{0,2}$/.test(runs)) throw new CommandError(`--runs takes a number from 1, not ${runs}`);
  return Number(runs);
}

type Chosen = Candidate & { readonly others: readonly Candidate[]; readonly isGiven: boolean };

async function choose(items: readonly PytestItem[], given: string | undefined): Promise<Chosen> {
  if (given !== undefined) return { from: readFrom(given), values: [], others: [], isGiven: true };
  const candidates = candidatesOf(items);
  const chosen = candidates[candidates.length > 1 && canAsk() ? await askWhich(candidates) : 0];
  const env: Candidate = { from: { kind: 'env', name: 'VARIANT' }, values: [] };
  const others = candidates.filter((one) => one !== chosen);
  return { ...(chosen ?? env), others, isGiven: false };
}

async function askWhich(candidates: readonly Candidate[]): Promise<number> {
  const lines = candidates.map((one, n) => `  ${n + 1}  ${described(one)}`);
  const answer = await ask(`What do the tests compare?\n${lines.join('\n')}\nNumber [1]: `);
  if (answer.kind === 'left') throw new CommandError('stopped: nothing was written');
  const text = answer.kind === 'answered' ? answer.text.trim() : '';
  if (text === '') return 0;
  const n = Number(text);
  if (Number.isInteger(n) && n >= 1 && n <= candidates.length) return n - 1;
  throw new CommandError(`${JSON.stringify(text)} is none of 1 to ${candidates.length}: nothing was written`);
}

function chosenWords({ others, isGiven, ...one }: Chosen): readonly string[] {
  const { from } = one;
  if (from.kind === 'env') {
    return [
      `The harness names no variants: it gets the environment variable ${from.name}; rename and add variants in experiment.yaml. If a parameter is what it compares: --variants-from param:NAME`,
    ];
  }
  if (isGiven) return [];
  const flags = others.map((other) => `--variants-from ${other.from.kind}:${other.from.name}`);
  return [`Variants: ${described(one)}; another: ${flags.join(', ') || '--variants-from param:NAME'}`];
}

function described({ from, values }: Candidate): string {
  const shown = values.slice(0, 4).map((value) => value.replace(/\p{Cc}/gu, '?').slice(0, 40));
  const kind = from.kind === 'param' ? 'parameter' : from.kind;
  return `the ${kind} ${from.name} (${shown.join(', ')}${values.length > shown.length ? `, ${values.length} in all` : ''})`;
}

export function readFrom(text: string): VariantsFrom {
  const [kind, name = kind === 'env' ? 'VARIANT' : 'variant'] = text.split(':');
  if (kind !== 'param' && kind !== 'marker' && kind !== 'env') {
    throw new CommandError(
      `--variants-from takes param:NAME, marker:NAME or env:NAME, not ${JSON.stringify(text)}`,
    );
  }
  return { kind, name };
}

function whatIsThere(items: readonly PytestItem[]): string {
  const params = [...new Set(items.flatMap(({ params }) => Object.keys(params)))];
  return params.length === 0 ? 'the tests have no parameters' : `their parameters are: ${params.join(', ')}`;
}

/** Repetitions of one test are one test. */
function testsIn(items: readonly PytestItem[]): number {
  return new Set(items.map(({ variant, scenario }) => JSON.stringify([variant, scenario]))).size;
}
