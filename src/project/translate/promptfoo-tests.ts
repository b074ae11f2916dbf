// `tests:`, `scenarios:` and `defaultTest:` of promptfoo -> tests with all that they share put in: variables, assertions, labels.
import path from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { readStrictJson } from '../../core/strict-json.ts';
import { rowOf } from './names.ts';
import { tableTests } from './promptfoo-table.ts';
import { NOTHING_SHARED, type Shared, type Test, type TestsContext } from './promptfoo-test.ts';
import {
  findAllNamed,
  findNamed,
  isPlacedMap,
  items,
  itemsOf,
  leave,
  member,
  openSource,
  type Placed,
  textOf,
} from './source.ts';

export function readShared(placed: Placed<Json>, context: TestsContext): Shared {
  const held = withFile(placed, context);
  if (!isPlacedMap(held)) {
    if (held.value !== null) leave(context.notes, placed, { what: 'defaultTest', why: 'it is no map' });
    return NOTHING_SHARED;
  }
  return shareOf(held, 'defaultTest', context);
}

/** All tests, one after the other, as promptfoo lists them. */
export async function readTests(
  placed: Placed<Json>,
  shared: Shared,
  context: TestsContext,
): Promise<readonly Test[]> {
  if (typeof placed.value === 'string') return testsFromPath(placed as Placed<string>, { shared, context });
  const all: Test[] = [];
  const list = isPlacedMap(placed) ? [] : itemsOf(placed, 'tests', context.notes);
  for (const item of list) {
    if (typeof item.value === 'string')
      all.push(...(await testsFromPath(item as Placed<string>, { shared, context })));
    else if (isPlacedMap(item)) all.push(...testOf(item, { shared, context }));
    else leave(context.notes, item, { what: 'test', why: 'it is neither a path nor a map' });
  }
  if (isPlacedMap(placed))
    leave(context.notes, placed, {
      what: 'tests',
      why: 'tests that are made by code are not read: write them as YAML, JSON, JSONL or CSV',
    });
  return all;
}

/** Each configuration with each test. */
export async function readScenarios(
  placed: Placed<Json>,
  shared: Shared,
  context: TestsContext,
): Promise<readonly Test[]> {
  const all: Test[] = [];
  for (const item of itemsOf(placed, 'scenarios', context.notes)) {
    const held = withFile(item, context);
    if (!isPlacedMap(held)) {
      if (held.value !== null) leave(context.notes, item, { what: 'scenario', why: 'it is no map' });
      continue;
    }
    for (const config of itemsOf(member(held, 'config'), 'scenarios: config', context.notes)) {
      if (!isPlacedMap(config)) {
        leave(context.notes, config, { what: 'scenarios: config', why: 'it is no map' });
        continue;
      }
      const own = shareOf(config, 'scenarios config', context);
      all.push(...(await readTests(member(held, 'tests'), joined(shared, own), context)));
    }
    for (const name of Object.keys(held.value).filter(
      (one) => !['config', 'tests', 'description'].includes(one),
    ))
      leave(context.notes, member(held, name), { what: `scenarios: ${name}`, why: 'it is not known here' });
  }
  return all;
}

type From = { readonly shared: Shared; readonly context: TestsContext };

async function testsFromPath(placed: Placed<string>, { shared, context }: From): Promise<readonly Test[]> {
  const written = placed.value;
  const unable = (why: string): readonly Test[] => {
    leave(context.notes, placed, { what: `tests ${written}`, why });
    return [];
  };
  if (/^(?:https?|az|s3|gs|huggingface):\/\//.test(written))
    return unable('nothing is read from a network: save it as a CSV beside the config');
  const pattern = written.replace(/^file:\/\//, '');
  if (/\.(?:py|[cm]?[jt]s)(?::\w+)?$/i.test(pattern))
    return unable('tests that are made by code are not read: write them as YAML, JSON, JSONL or CSV');
  const all: Test[] = [];
  for (const found of await findAllNamed(pattern, placed.source.folder, context.reach)) {
    const name = found.kind === 'found' ? found.file : pattern;
    if (found.kind === 'none') all.push(...unable(found.why));
    else if (/\.[ct]sv$/i.test(name))
      all.push(...(await tableTests(found.file, { shared, context, placed })));
    else if (/\.jsonl$/i.test(name)) all.push(...linesOf(found.file, { shared, context, placed }));
    else if (/\.(?:ya?ml|json)$/i.test(name)) {
      const source = openSource(found.file, context.reach);
      const root: Placed<Json> = { value: source.value, source, path: [] };
      const list = isPlacedMap(root) ? [root] : itemsOf(root, `tests ${written}`, context.notes);
      for (const one of list) {
        if (isPlacedMap(one)) all.push(...testOf(one, { shared, context }));
        else leave(context.notes, one, { what: 'test', why: 'it is no map' });
      }
    } else all.push(...unable(`${path.extname(name) || name} is no form of tests that is read here`));
  }
  return all;
}

/** A line is a test: its place is the file's, for JSON of one line has no places of its own. */
function linesOf(
  file: string,
  { shared, context, placed }: From & { readonly placed: Placed<string> },
): readonly Test[] {
  return textOf(file)
    .split('\n')
    .flatMap((line, i) => {
      if (line.trim() === '') return [];
      const at = `${path.relative(context.reach.cwd, file)}:${i + 1}:1`;
      const source = { ...placed.source, at: () => at };
      const value = jsonOf(line);
      if (!isJsonObject(value)) {
        context.notes.left.push({ place: at, what: 'test', why: 'the line is no JSON object' });
        return [];
      }
      return testOf({ value, source, path: [] }, { shared, context });
    });
}

function jsonOf(line: string): Json {
  const read = readStrictJson(line);
  return read.kind === 'ok' ? (read.value as Json) : null;
}

/** Lists among its variables are alternatives: a test for each, as there. */
function testOf(placed: Placed<JsonObject>, { shared, context }: From): readonly Test[] {
  const own = joined(shared, shareOf(placed, 'test', context));
  const { description } = placed.value;
  const isExpanded = !(
    isJsonObject(placed.value.options) && placed.value.options.disableVarExpansion === true
  );
  const combinations = isExpanded ? combined(own.vars) : [own.vars];
  if (combinations === null)
    leave(context.notes, placed, {
      what: 'test: vars',
      why: `their lists are more than ${MOST_COMBINATIONS} combinations, and each stays a list in one scenario`,
    });
  return (combinations ?? [own.vars]).map((vars) => ({
    ...own,
    placed,
    vars,
    expect: null,
    description: typeof description === 'string' ? description : null,
  }));
}

const MOST_COMBINATIONS = 10_000;

/** null: there are too many. */
function combined(vars: JsonObject): readonly JsonObject[] | null {
  const lists = Object.entries(vars).map(
    ([name, value]) => [name, Array.isArray(value) ? (value as readonly Json[]) : [value]] as const,
  );
  if (lists.reduce((count, [, values]) => count * values.length, 1) > MOST_COMBINATIONS) return null;
  return lists.reduce<readonly JsonObject[]>(
    (all, [name, values]) => all.flatMap((one) => values.map((each) => ({ ...one, [name]: each ?? null }))),
    [{}],
  );
}

function joined(shared: Shared, own: Shared): Shared {
  return {
    vars: { ...shared.vars, ...own.vars },
    asserts: [...shared.asserts, ...own.asserts],
    metadata: { ...shared.metadata, ...own.metadata },
    threshold: own.threshold ?? shared.threshold,
  };
}

const KNOWN = new Set(['vars', 'assert', 'metadata', 'threshold', 'description']);
const WHY: { readonly [name: string]: string | undefined } = {
  options: 'what is done to a prompt or an answer on its way is own code here',
  providers: 'which arms draw a scenario is said when they are drawn: --variant, --scenario',
  prompts: 'which arms draw a scenario is said when they are drawn: --variant, --scenario',
  provider: 'which arms draw a scenario is said when they are drawn: --variant, --scenario',
  providerOutput: 'answers that are there already are read by "npx expgraph import"',
  assertScoringFunction: 'it is code: scorers: [{ use: ./score.ts }]',
};

function shareOf(placed: Placed<JsonObject>, what: string, context: TestsContext): Shared {
  for (const name of Object.keys(placed.value).filter((one) => !KNOWN.has(one))) {
    const held = member(placed, name);
    if (name === 'options' && isPlacedMap(held)) leaveOptions(held, what, context);
    else if (held.value !== null)
      leave(context.notes, held, {
        what: `${what}: ${name}`,
        why: rowOf(WHY, name) ?? 'it is not known here',
      });
  }
  const { metadata, threshold } = placed.value;
  return {
    vars: varsOf(member(placed, 'vars'), context),
    asserts: itemsOf(member(placed, 'assert'), `${what}: assert`, context.notes),
    metadata: isJsonObject(metadata) ? metadata : {},
    threshold: typeof threshold === 'number' ? threshold : null,
  };
}

function leaveOptions(options: Placed<JsonObject>, what: string, { notes }: TestsContext): void {
  for (const name of Object.keys(options.value)) {
    // The grader of all is read where the scorers are made, and lists were handled here.
    if (name === 'provider' || name === 'disableVarExpansion') continue;
    const why =
      name === 'prefix' || name === 'suffix'
        ? 'it would change what is sent: write it into the prompt'
        : (rowOf(WHY, name) ?? WHY.options!);
    leave(notes, member(options, name), { what: `${what}: options.${name}`, why });
  }
}

/** A map, or `file://vars.yaml`; a value may be the text of a file. */
function varsOf(placed: Placed<Json>, context: TestsContext): JsonObject {
  const held = withFile(placed, context);
  if (!isPlacedMap(held)) {
    if (held.value !== null) leave(context.notes, placed, { what: 'vars', why: 'they are no map' });
    return {};
  }
  return Object.fromEntries(
    Object.keys(held.value).map((name) => [name, varOf(member(held, name), context)]),
  );
}

function varOf(placed: Placed<Json>, context: TestsContext): Json {
  const { value } = placed;
  if (Array.isArray(value)) return items(placed).map((one) => varOf(one, context));
  // promptfoo puts nothing in the place of null.
  if (value === null) return '';
  if (typeof value !== 'string' || !value.startsWith('file://')) return value;
  const name = value.slice('file://'.length);
  if (/\.(?:txt|md|html|json|ya?ml|xml|csv)$/i.test(name)) {
    const found = findNamed(name, placed.source.folder, context.reach);
    if (found.kind === 'found')
      return /\.(?:json|ya?ml)$/i.test(name)
        ? openSource(found.file, context.reach).value
        : textOf(found.file);
    leave(context.notes, placed, { what: `variable ${value}`, why: found.why });
    return value;
  }
  leave(context.notes, placed, {
    what: `variable ${value}`,
    why: 'code and files of other kinds are not put into a variable: the words stand there as they are',
  });
  return value;
}

/** `file://shared.yaml` in the place of a value. */
function withFile(placed: Placed<Json>, context: TestsContext): Placed<Json> {
  if (typeof placed.value !== 'string') return placed;
  if (!/\.(?:ya?ml|json)$/i.test(placed.value)) {
    leave(context.notes, placed, { what: placed.value, why: 'only YAML and JSON are read there' });
    return { ...placed, value: null };
  }
  const found = findNamed(placed.value, placed.source.folder, context.reach);
  if (found.kind === 'none') {
    leave(context.notes, placed, { what: placed.value, why: found.why });
    return { ...placed, value: null };
  }
  const source = openSource(found.file, context.reach);
  return { value: source.value, source, path: [] };
}
