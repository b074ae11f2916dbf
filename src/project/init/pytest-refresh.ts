// expgraph init --from-pytest --refresh: what is new in the tests comes into the files, what is gone leaves them. All else
// of the files stays as it is written, to the character.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { entriesAt, parseYaml } from '../../manifest/documents/parse.ts';
import { spliced } from '../../manifest/documents/yaml-splice.ts';
import { readEnvFile } from '../../providers/env-file.ts';
import { CommandError } from '../open/command-error.ts';
import { DEFAULT_FILE } from '../open/find-manifest.ts';
import { collectItems, type PytestItem, type VariantsFrom } from '../open/pytest-collect.ts';
import type { World } from '../open/world.ts';
import type { PytestInput } from './pytest.ts';
import { passedNames } from './pytest-env.ts';
import { runsOf } from './pytest-guess.ts';
import { byScenario, SCENARIO_FILE, scenarioText, variantText } from './pytest-texts.ts';

export type Refreshed = {
  /** Files that were changed; with `dryRun`, that would be. Each line is `+ variant NAME`, `- scenario ID`. */
  readonly changes: readonly { readonly file: string; readonly lines: readonly string[] }[];
  /** That pytest collected. */
  readonly items: number;
  /** What is seen and not done: it is the user's to decide. */
  readonly hints: readonly string[];
};

/** @throws CommandError where there is nothing to refresh, or a file cannot be edited: then none is changed */
export async function refreshFromPytest(io: World, input: PytestInput): Promise<Refreshed> {
  const { folder, dryRun } = input;
  const manifest = openYaml(folder, DEFAULT_FILE);
  const { pytest, scenarios: named } = manifest.value;
  if (!isJsonObject(pytest))
    throw new CommandError(`${DEFAULT_FILE} has no "pytest:" of its own: there is nothing to refresh`);
  const list = openYaml(folder, scenarioFile(folder, named));
  const from = variantsFrom(pytest.variants_from);
  const tests = input.tests === null ? texts(pytest.path) : [shown(io, folder, input.tests)];
  const python = input.python ?? (typeof pytest.python === 'string' ? pytest.python : 'python3');
  const set = isJsonObject(pytest.env) ? pytest.env : {};
  const { runs_from: counted } = pytest;
  const runsFrom = isJsonObject(counted) && typeof counted.param === 'string' ? counted.param : undefined;
  const filed =
    typeof pytest.env_file === 'string' ? (readEnvFile(path.resolve(folder, pytest.env_file)) ?? {}) : {};
  const collected = await collectItems({
    io,
    folder,
    tests,
    python,
    from,
    set: { ...filed, ...stringsOf(set) },
    ...(runsFrom === undefined ? {} : { runsFrom }),
  });
  const items = collected.items.filter(({ variant }) => from.kind === 'env' || variant !== null);
  if (items.length === 0) {
    throw new CommandError(
      `pytest collected no test with the ${from.kind} ${JSON.stringify(from.name)} in ${tests.join(' ')}: nothing was changed`,
    );
  }
  const changes = [
    ...(from.kind === 'env' ? [] : [variantChange(manifest, items)]),
    scenarioChange(list, items),
  ].filter(({ lines }) => lines.length > 0);
  if (!dryRun) for (const { file, text } of changes) writeFileSync(path.join(folder, file), text);
  return {
    changes: changes.map(({ file, lines }) => ({ file, lines })),
    items: items.length,
    hints: hints({ manifest: manifest.value, list: list.value, items, io, collected }),
  };
}

type Opened = { readonly file: string; readonly text: string; readonly value: JsonObject };
type Change = { readonly file: string; readonly text: string; readonly lines: readonly string[] };

/** A list stands under the name `scenarios`, as it does in a collection. */
function openYaml(folder: string, file: string): Opened {
  const absolute = path.join(folder, file);
  if (!existsSync(absolute)) {
    throw new CommandError(
      `there is no ${file} to refresh: "npx expgraph init --from-pytest" without --refresh writes it`,
    );
  }
  const text = readFileSync(absolute, 'utf8');
  const { document, problems } = parseYaml({ file: absolute, text });
  const value = document?.value as Json;
  const object = Array.isArray(value) ? { scenarios: value } : value;
  if (problems.length > 0 || !isJsonObject(object)) {
    const why = problems[0]?.message ?? 'it is neither a list nor a map';
    throw new CommandError(`${file} cannot be read: ${why}; nothing was changed`);
  }
  return { file, text, value: object };
}

function scenarioFile(folder: string, named: Json | undefined): string {
  const files = texts(named).map((file) => path.posix.normalize(file));
  const plain = files.filter((file) => /\.ya?ml$/i.test(file) && !/[!*?[{]/.test(file));
  const found = files.includes(SCENARIO_FILE) || plain.length !== 1 ? SCENARIO_FILE : plain[0]!;
  if (existsSync(path.join(folder, found))) return found;
  throw new CommandError(
    `there is no ${SCENARIO_FILE}, and "scenarios:" names ${plain.length} YAML files: it cannot be told which of them holds the cases of the tests`,
  );
}

function variantChange(input: Opened, items: readonly PytestItem[]): Change {
  const raw = isJsonObject(input.value.variants) ? input.value.variants : {};
  const entries = Object.entries(raw).map(([key, value]) => {
    const own = isJsonObject(value) ? value : {};
    const isTest = own.use === undefined && own.command === undefined;
    const name = typeof own.pytest_variant === 'string' ? own.pytest_variant : key;
    return { key, name: isTest ? name : null };
  });
  const there = new Set(items.map(({ variant }) => variant!));
  const known = new Set(entries.map(({ name }) => name));
  const gone = entries.flatMap(({ name, key }, n) => (name !== null && !there.has(name) ? [{ n, key }] : []));
  const added = [...there].filter((name) => !known.has(name));
  return changed(input, {
    at: ['variants'],
    gone: gone.map(({ n, key }) => ({ n, what: `variant ${key}` })),
    added: added.map((name) => ({ text: variantText(name), what: `variant ${name}` })),
  });
}

function scenarioChange(input: Opened, items: readonly PytestItem[]): Change {
  const there = byScenario(items);
  const listed = (Array.isArray(input.value.scenarios) ? input.value.scenarios : []) as readonly Json[];
  const ids = listed.map((one) => (isJsonObject(one) && typeof one.id === 'string' ? one.id : null));
  return changed(input, {
    at: input.text.length > 0 && isCollection(input) ? ['scenarios'] : [],
    gone: ids.flatMap((id, n) => (id !== null && !there.has(id) ? [{ n, what: `scenario ${id}` }] : [])),
    added: [...there]
      .filter(([id]) => !ids.includes(id))
      .map(([id, item]) => ({ text: scenarioText(item), what: `scenario ${id}` })),
  });
}

function isCollection({ text, file }: Opened): boolean {
  return !Array.isArray(parseYaml({ file, text }).document?.value);
}

function changed(
  input: Opened,
  context: {
    readonly at: readonly string[];
    readonly gone: readonly { readonly n: number; readonly what: string }[];
    readonly added: readonly { readonly text: string; readonly what: string }[];
  },
): Change {
  const { file, text } = input;
  const lines = [
    ...context.added.map(({ what }) => `+ ${printable(what)}`),
    ...context.gone.map(({ what }) => `- ${printable(what)} (its results stay in the history)`),
  ];
  if (lines.length === 0) return { file, text, lines };
  const entries = entriesAt(text, context.at);
  const removed = new Set(context.gone.map(({ n }) => n));
  const next = entries?.entries.length
    ? spliced(text, entries, { removed, added: context.added.map((one) => one.text) })
    : null;
  if (next === null || parseYaml({ file, text: next }).problems.length > 0) {
    throw new CommandError(
      `${file} is not written in a form that can be edited here; nothing was changed. What is to be changed:\n  ${lines.join('\n  ')}`,
    );
  }
  return { file, text: next, lines };
}

function hints(context: {
  readonly manifest: JsonObject;
  readonly list: JsonObject;
  readonly items: readonly PytestItem[];
  readonly io: World;
  readonly collected: { readonly environ: readonly string[]; readonly imports: readonly string[] };
}): readonly string[] {
  const { manifest, items, io, collected } = context;
  const pytest = manifest.pytest as JsonObject;
  const runs = runsOf(items);
  const passed = [...texts(pytest.pass_env), ...Object.keys(isJsonObject(pytest.env) ? pytest.env : {})];
  const needed = passedNames({ ...collected, env: io.env }).filter((name) => !passed.includes(name));
  const there = byScenario(items);
  const differing = ((context.list.scenarios ?? []) as readonly Json[]).flatMap((one) => {
    if (!isJsonObject(one) || typeof one.id !== 'string') return [];
    const input = there.get(one.id)?.input;
    return typeof input === 'string' && one.input !== input ? [one.id] : [];
  });
  return [
    ...(runs === null || runs === manifest.runs
      ? []
      : [`The tests repeat themselves ${runs} times; "runs: ${String(manifest.runs)}" was left as it is.`]),
    ...(needed.length === 0
      ? []
      : [`The tests read ${needed.join(', ')} too, which pass_env does not name.`]),
    ...(differing.length === 0
      ? []
      : [
          `The input of ${differing.length} scenarios is another one in the tests; yours was kept: ${printable(differing.slice(0, 5).join(', '))}${differing.length > 5 ? ', ...' : ''}`,
        ]),
  ];
}

function variantsFrom(written: Json | undefined): VariantsFrom {
  if (written === 'marker') return { kind: 'marker', name: 'variant' };
  if (written === 'env') return { kind: 'env', name: 'VARIANT' };
  for (const kind of ['param', 'marker', 'env'] as const) {
    const name = isJsonObject(written) ? written[kind] : undefined;
    if (typeof name === 'string') return { kind, name };
  }
  return { kind: 'param', name: 'variant' };
}

function texts(value: Json | undefined): readonly string[] {
  const list = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return list.filter((one) => typeof one === 'string');
}

function stringsOf(object: JsonObject): { readonly [name: string]: string } {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function shown(io: World, folder: string, given: string): string {
  const file = path.resolve(io.cwd, given);
  if (!existsSync(file)) throw new CommandError(`there is no ${given}`);
  return path.relative(folder, file).replaceAll('\\', '/') || '.';
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
