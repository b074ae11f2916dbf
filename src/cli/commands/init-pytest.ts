// expgraph init --from-pytest: looks at a pytest harness and writes the experiment that it is.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import { CommandError } from '../exit.ts';
import type { Io } from '../io.ts';
import { collectItems, type PytestItem, type VariantsFrom } from '../pytest-collect.ts';

export type FromPytestOptions = {
  readonly fromPytest: string;
  readonly python: string;
  readonly variantsFrom?: string;
  readonly runs: string;
};

/** Names under which harnesses keep what they compare. */
const USUAL_NAMES = [
  'variant',
  'variants',
  'arm',
  'approach',
  'interface',
  'condition',
  'treatment',
  'config',
];

/** Writes nothing if any of its files is there already. */
export async function initFromPytest(io: Io, folder: string, options: FromPytestOptions): Promise<number> {
  const target = path.resolve(io.cwd, folder);
  const given = options.fromPytest;
  const tests = path.relative(target, path.resolve(io.cwd, given)).replaceAll('\\', '/');
  if (!existsSync(path.resolve(io.cwd, given))) throw new CommandError(`there is no ${given}`);
  if (!/^[1-9][0-9]{0,2}$/.test(options.runs))
    throw new CommandError(`--runs takes a number from 1, not ${options.runs}`);
  const taken = ['experiment.yaml', SCENARIO_FILE].filter((name) => existsSync(path.join(target, name)));
  if (taken.length > 0)
    throw new CommandError(`${taken.join(', ')} is there already and nothing was written`);
  const collect = (from: VariantsFrom): Promise<readonly PytestItem[]> =>
    collectItems({ io, folder: target, tests, python: options.python, from });
  const first = await collect({ kind: 'param', name: 'variant' });
  if (first.length === 0) throw new CommandError(`pytest collected no test in ${given}`);
  const from = options.variantsFrom === undefined ? guess(first) : readFrom(options.variantsFrom);
  const items = (await collect(from)).map((item) =>
    from.kind === 'env' ? { ...item, variant: 'default' } : item,
  );
  const found = items.filter(({ variant }) => variant !== null);
  if (found.length === 0) {
    throw new CommandError(
      `no test has the ${from.kind} ${JSON.stringify(from.name)}; ${whatIsThere(first)}`,
    );
  }
  const files = new Map([
    ['experiment.yaml', manifestOf({ tests, from, options, items: found })],
    [SCENARIO_FILE, scenariosOf(found)],
  ]);
  for (const [name, text] of files) {
    mkdirSync(path.dirname(path.join(target, name)), { recursive: true });
    writeFileSync(path.join(target, name), text, { flag: 'wx' });
  }
  const variants = new Set(found.map(({ variant }) => variant));
  const scenarios = new Set(found.map(({ scenario }) => scenario));
  io.out.write(`${[...files.keys()].map((name) => `  wrote ${name}`).join('\n')}\n\n`);
  io.out.write(
    `${variants.size} variants x ${scenarios.size} scenarios x ${options.runs} runs, from ${found.length} tests` +
      `${items.length > found.length ? `; ${items.length - found.length} tests without a variant are left out` : ''}\n`,
  );
  if (from.kind === 'env') {
    io.out.write(
      `The harness names no variants: it gets the environment variable ${from.name}; rename and add variants in experiment.yaml.\n`,
    );
  }
  const cd = target === io.cwd ? '' : `cd ${path.relative(io.cwd, target) || target} && `;
  io.out.write(`\nTry it: ${cd}npx expgraph plan && npx expgraph run\n`);
  return 0;
}

const SCENARIO_FILE = 'scenarios/pytest.yaml';

/** A parameter or a marker of a usual name; else nothing in the tests says it, and the environment must. */
function guess(items: readonly PytestItem[]): VariantsFrom {
  const params = new Set(items.flatMap(({ params }) => Object.keys(params)));
  const markers = new Set(
    items.flatMap(({ markers }) => markers.filter(({ args }) => args.length > 0).map(({ name }) => name)),
  );
  for (const name of USUAL_NAMES) {
    if (params.has(name)) return { kind: 'param', name };
    if (markers.has(name)) return { kind: 'marker', name };
  }
  return { kind: 'env', name: 'VARIANT' };
}

function readFrom(text: string): VariantsFrom {
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

function manifestOf(of: {
  readonly tests: string;
  readonly from: VariantsFrom;
  readonly options: FromPytestOptions;
  readonly items: readonly PytestItem[];
}): string {
  const { tests, from, options, items } = of;
  const variants = [...new Set(items.map(({ variant }) => variant!))];
  const arms = variants.map((variant) => {
    const name = slug(variant);
    return name === variant ? `  ${word(name)}: {}` : `  ${word(name)}: { pytest_variant: ${word(variant)} }`;
  });
  return [
    '# yaml-language-server: $schema=./node_modules/expgraph/schema/experiment.schema.json',
    `# A pytest harness as an experiment; its tests stay as they are. Written by: expgraph init --from-pytest ${printable(tests)}`,
    'version: 1',
    `name: ${word(
      slug(path.posix.basename(tests).replace(/\.py$/, ''))
        .toLowerCase()
        .replace(/^[^a-z0-9]+/, '') || 'pytest',
    )}`,
    `runs: ${options.runs}`,
    'temperature: 0.2                     # told to the tests by the fixture `expgraph`',
    `scenarios: [${SCENARIO_FILE}]`,
    'pytest:',
    `  path: ${word(tests)}`,
    `  python: ${word(options.python)}`,
    `  variants_from: { ${from.kind}: ${word(from.name)} }`,
    '  # pass_env: [OPENAI_API_KEY]       # a process gets little of the environment: name what the tests need',
    '  # args: [-n, "4"]                  # further arguments: xdist, -k, ...',
    'variants:',
    ...arms,
    '',
  ].join('\n');
}

function scenariosOf(items: readonly PytestItem[]): string {
  const seen = new Map<string, PytestItem>();
  for (const item of items) if (!seen.has(item.scenario)) seen.set(item.scenario, item);
  const lines = [...seen.values()].map(({ scenario, input, category, doc }) => {
    const members: JsonObject = {
      id: scenario,
      input: input ?? '',
      ...(category === null ? {} : { category }),
      ...(doc === null ? {} : { description: doc }),
    };
    return `- ${JSON.stringify(members)}`;
  });
  return `# The harness's own cases, by id. What the tests ask stands in the tests: the input here is for people.\n${lines.join('\n')}\n`;
}

function slug(text: string): string {
  return (
    text
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 100) || 'variant'
  );
}

/** JSON is YAML: whatever a test is called, it stays text. */
function word(text: string): string {
  return /^[A-Za-z][A-Za-z0-9._/-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
