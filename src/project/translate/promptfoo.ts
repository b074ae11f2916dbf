// promptfooconfig.yaml -> an experiment: prompts x providers are variants, tests are scenarios, assertions are what is expected.
// Nothing of it is run; what cannot be carried over is named with its place.
import path from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { CommandError } from '../open/command-error.ts';
import { type Accounts, type Draft, isCount, leftRows, makeNotes, type Notes, typesOf } from './draft.ts';
import { type Files, makeFiles } from './files.ts';
import { manifestText } from './manifest-draft.ts';
import { experimentName, makeNamer, rowOf, slug } from './names.ts';
import { namesIn } from './nunjucks.ts';
import { makeScorersNeeded } from './promptfoo-asserts.ts';
import { betweenText } from './promptfoo-programs.ts';
import { type Prompt, readPrompts, type TranslatedPrompt, translatePrompt } from './promptfoo-prompts.ts';
import { type Arm, readProviders } from './promptfoo-providers.ts';
import { scenarioEntries, tablesInPlace } from './promptfoo-scenarios.ts';
import { scorersOf } from './promptfoo-scorers.ts';
import { NOTHING_SHARED, type Test } from './promptfoo-test.ts';
import { readScenarios, readShared, readTests } from './promptfoo-tests.ts';
import { isPlacedMap, leave, member, openSource, type Placed, type Reach } from './source.ts';
import { yamlList } from './yaml-text.ts';

export type TranslateInput = {
  /** Absolute: what is translated. */
  readonly file: string;
  /** Absolute: where the manifest is to be. */
  readonly folder: string;
  readonly cwd: string;
  readonly answers: Draft['answers'];
};

const READ = new Set([
  'description',
  'prompts',
  'providers',
  'targets',
  'tests',
  'defaultTest',
  'scenarios',
  'assertionTemplates',
  'evaluateOptions',
  '$schema',
]);

const WHY: { readonly [name: string]: string | undefined } = {
  outputPath: 'results are kept in artifacts/, and written out by "npx expgraph export"',
  sharing: 'nothing is uploaded',
  env: 'variables stand in the environment, or in a .env of yours: their values are not written into a manifest',
  nunjucksFilters: 'templates have no filters',
  extensions: 'it is code: prepare: runs programs before the tasks',
  derivedMetrics: 'numbers of several scores are worked out from "npx expgraph export"',
  redteam: 'attacks are not made here',
  commandLineOptions: 'options of the command line: npx expgraph run --help',
  writeLatestResults: 'results are always kept',
  tags: 'they label an eval of promptfoo',
  metadata: 'it labels an eval of promptfoo',
  tracing: 'traces are the section tracing: (docs/langsmith.md)',
};

/** @throws CommandError where nothing would be left, ManifestError where a file cannot be read */
export async function fromPromptfoo(input: TranslateInput): Promise<Draft> {
  if (/\.[cm]?[jt]s$/i.test(input.file))
    throw new CommandError(
      `${path.basename(input.file)} is code, and no code of a config is run: promptfoo eval -o out.json writes down what it comes to, and out.json is read`,
    );
  const source = openSource(input.file, input);
  const whole: Placed<Json> = { value: source.value, source, path: [] };
  // What `promptfoo eval -o out.json` writes has the config in it, whatever it was written in.
  const isOutput = isPlacedMap(whole) && whole.value.results !== undefined;
  const root = isOutput ? member(whole, 'config') : whole;
  if (
    !isPlacedMap(root) ||
    (root.value.prompts === undefined &&
      root.value.providers === undefined &&
      root.value.targets === undefined)
  )
    throw new CommandError(`${source.shown} is no config of promptfoo: it has neither prompts nor providers`);
  const notes = makeNotes();
  const reach: Reach = { cwd: input.cwd, within: [source.folder, input.cwd] };
  const accounts: Accounts = new Map();
  const context = { reach, notes, folder: input.folder, accounts };
  for (const name of Object.keys(root.value).filter((one) => !READ.has(one)))
    leave(notes, member(root, name), { what: name, why: rowOf(WHY, name) ?? 'it is not known here' });

  const arms = readProviders(
    member(root, root.value.providers === undefined ? 'targets' : 'providers'),
    context,
  );
  const prompts =
    root.value.prompts === undefined ? [passedOn(root)] : await readPrompts(member(root, 'prompts'), context);
  const shared = readShared(member(root, 'defaultTest'), context);
  const inPlace =
    shared.asserts.length === 0 &&
    JSON.stringify(shared) === JSON.stringify(NOTHING_SHARED) &&
    root.value.scenarios === undefined
      ? tablesInPlace(member(root, 'tests'), input.folder)
      : null;
  const tests = [
    ...(await readTests(member(root, 'tests'), shared, context)),
    ...(await readScenarios(member(root, 'scenarios'), shared, context)),
  ];
  const own = ownNames(tests, inPlace !== null);
  const needed = makeScorersNeeded();
  const read = new Set(
    prompts.flatMap(({ content }) =>
      namesIn(typeof content === 'string' ? content : JSON.stringify(content)),
    ),
  );
  const entries = scenarioEntries(tests, {
    own,
    needed,
    notes,
    reach,
    read,
    templates: member(root, 'assertionTemplates'),
  });

  const files = makeFiles(input.folder);
  const variants = variantsOf({ arms, prompts, own, notes, files });
  if (variants.size === 0) throw new CommandError(nothingLeft(source.shown, notes.left));
  const inputs = [...new Set(arms.flatMap(({ asked }) => (asked.kind === 'program' ? asked.inputs : [])))];
  const scenarios: Json = inPlace ?? [
    files.add(
      'scenarios/promptfoo.yaml',
      `${['# The tests of promptfoo, a scenario each.', ...yamlList(entries)].join('\n')}\n`,
    ),
  ];
  const scorers = scorersOf({ needed, arms, root, context });
  const { description, evaluateOptions } = root.value;
  const options = isJsonObject(evaluateOptions) ? evaluateOptions : {};
  const counts = { repeat: isCount(options.repeat), maxConcurrency: isCount(options.maxConcurrency) };
  for (const [name, isTaken] of Object.entries(counts))
    if (!isTaken && options[name] !== undefined && options[name] !== null)
      leave(notes, member(member(root, 'evaluateOptions') as Placed<JsonObject>, name), {
        what: `evaluateOptions.${name}`,
        why: 'it is no whole number from 1 to 1000',
      });
  for (const name of Object.keys(options).filter((one) => !Object.hasOwn(counts, one)))
    leave(notes, member(member(root, 'evaluateOptions') as Placed<JsonObject>, name), {
      what: `evaluateOptions.${name}`,
      why:
        name === 'delay' ? 'limits stand with an account: limits: { rpm: 60 }' : 'it says how promptfoo runs',
    });
  tellOfDefaults(arms, notes.told);
  if (arms.some(({ asked }) => asked.kind === 'program'))
    notes.told.push(
      'Programs run as they are, whoever answers for the accounts: what they ask for costs what it costs. Of the environment they are given what pass_env names',
    );
  const text = manifestText({
    about: [`Made of ${source.shown} by: npx expgraph init --from-promptfoo`],
    name: experimentName(
      typeof description === 'string' && description !== '' ? description : path.basename(source.folder),
    ),
    description: typeof description === 'string' && description !== '' ? description : null,
    runs: isCount(options.repeat) ? options.repeat : 1,
    scenarios,
    variants,
    settings: {},
    inputs,
    scorers,
    execution: isCount(options.maxConcurrency) ? { concurrency: options.maxConcurrency } : {},
    accounts,
    answers: input.answers,
    left: notes.left,
  });
  for (const { asked } of arms)
    if (asked.kind === 'program') files.once(`harness/${asked.between}`, () => betweenText(asked.between));
  return {
    files: new Map([['experiment.yaml', text], ...files.written()]),
    reads: [...(inPlace ?? []), ...inputs],
    told: notes.told,
    left: notes.left,
    types: typesOf(accounts),
    answers: input.answers,
  };
}

/** Without prompts promptfoo sends the variable `prompt`. */
function passedOn(root: Placed<JsonObject>): Prompt {
  return { name: 'prompt', ids: [], content: '{{prompt}}', stem: null, placed: root };
}

/** `input` is the scenario's own where every test has one; of a table that is read where it lies, `id` and `category` as well. */
function ownNames(tests: readonly Test[], isInPlace: boolean): ReadonlySet<string> {
  if (isInPlace) return new Set(['input', 'id', 'category']);
  return new Set(
    tests.length > 0 && tests.every(({ vars }) => typeof vars.input === 'string') ? ['input'] : [],
  );
}

type VariantsInput = {
  readonly arms: readonly Arm[];
  readonly prompts: readonly Prompt[];
  readonly own: ReadonlySet<string>;
  readonly notes: Notes;
  readonly files: Files;
};

function variantsOf({ arms, prompts, own, notes, files }: VariantsInput): ReadonlyMap<string, JsonObject> {
  const namer = makeNamer();
  const translated = prompts.flatMap((prompt) => {
    const content = translatePrompt(prompt, own, notes);
    return content === null ? [] : [{ prompt, template: templateOf(prompt, content, files) }];
  });
  const tools = new Map<Arm, string>();
  for (const arm of arms) {
    if (arm.asked.kind !== 'model' || arm.asked.tools === null) continue;
    tools.set(arm, files.same(`tools/${arm.name}.yaml`, `${yamlList(arm.asked.tools).join('\n')}\n`));
  }
  const variants = new Map<string, JsonObject>();
  for (const { prompt, template } of translated) {
    for (const arm of arms.filter(({ prompts: only }) => only === null || isNamed(prompt, only))) {
      const name =
        arms.length === 1 ? prompt.name : translated.length === 1 ? arm.name : `${prompt.name}--${arm.name}`;
      const { asked } = arm;
      const settings: JsonObject =
        asked.kind === 'program'
          ? { command: asked.command, ...(asked.passEnv.length === 0 ? {} : { pass_env: asked.passEnv }) }
          : { provider: asked.account, model: asked.model, ...asked.settings };
      const held = tools.get(arm);
      variants.set(namer(name), { ...settings, ...(held === undefined ? {} : { tools: held }), template });
    }
  }
  return variants;
}

/** By id, label or a pattern of one of them. */
function isNamed({ ids, name }: Prompt, only: readonly string[]): boolean {
  return only.some((wanted) => {
    const bare = wanted.replace(/:?\*$/, '');
    return [name, ...ids].some(
      (id) => id === wanted || slug(id) === slug(wanted) || (bare !== wanted && id.startsWith(bare)),
    );
  });
}

function templateOf({ stem, name }: Prompt, { content }: TranslatedPrompt, files: Files): Json {
  if (stem === null) return content;
  const isText = typeof content === 'string';
  return {
    file: files.same(
      `prompts/${slug(stem) || name}.${isText ? 'txt' : 'json'}`,
      isText ? content : `${JSON.stringify(content, null, 2)}\n`,
    ),
  };
}

/** What promptfoo sends without being asked to is not sent here, and that may be seen in answers. */
function tellOfDefaults(arms: readonly Arm[], told: string[]): void {
  const bare = arms.filter(
    ({ asked }) =>
      asked.kind === 'model' &&
      (asked.settings.temperature === undefined || asked.settings.max_output_tokens === undefined),
  );
  if (bare.length === 0) return;
  told.push(
    'Where a provider says neither, promptfoo sends temperature 0 and 1024 tokens at most to most models; here only what is written is sent: temperature:, max_output_tokens:',
  );
}

function nothingLeft(shown: string, left: Draft['left']): string {
  const reasons = leftRows(left)
    .slice(0, 5)
    .map(({ places, what, why }) => `${places[0]}: ${what}: ${why}`);
  return [`nothing of ${shown} can be asked here, and nothing was written`, ...reasons].join('; ');
}
