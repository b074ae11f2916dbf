// A task of Inspect, as source or as a log, -> an experiment. Python is read as text and never run.
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Json, JsonObject } from '../../core/json.ts';
import { CommandError } from '../open/command-error.ts';
import { type Accounts, type Draft, makeNotes, type Notes, typesOf } from './draft.ts';
import { makeFiles } from './files.ts';
import { type TranslatedScorer, translateScorers } from './inspect-expect.ts';
import { readLog } from './inspect-log.ts';
import { type InspectVariant, inspectVariant } from './inspect-solver.ts';
import { readTaskSource } from './inspect-source.ts';
import type { InspectSample, InspectTask } from './inspect-task.ts';
import { manifestText } from './manifest-draft.ts';
import { experimentName, makeNamer, rowOf } from './names.ts';
import type { TranslateInput } from './promptfoo.ts';
import { accountOf } from './promptfoo-accounts.ts';
import { textOf } from './source.ts';

/** `file` may end in `@task`, as Inspect's own command line has it. @throws CommandError where no sample can be had */
export async function fromInspect(input: TranslateInput): Promise<Draft> {
  const notes = makeNotes();
  const { file, task: wanted } = parted(input.file);
  const shown = path.relative(input.cwd, file) || file;
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new CommandError(`there is no file ${shown}`);
  const task = /\.py$/i.test(file)
    ? await readTaskSource(
        {
          file,
          shown,
          source: textOf(file),
          reach: { cwd: input.cwd, within: [path.dirname(file), input.cwd] },
          notes,
        },
        wanted,
      )
    : /\.(?:eval|json)$/i.test(file)
      ? await readLog({ file, shown, notes })
      : null;
  if (task === null)
    throw new CommandError(
      `${shown} is neither the source of a task (.py) nor a log of Inspect (.eval, .json)`,
    );
  if (task.samples.length === 0) throw new CommandError(`${shown} holds no sample, and nothing was written`);
  return draftOf(task, { ...input, shown, notes });
}

function parted(file: string): { readonly file: string; readonly task: string | null } {
  const [, bare, task] = /^(.+\.py)@(\w+)$/.exec(file) ?? [];
  return bare === undefined ? { file, task: null } : { file: bare, task: task! };
}

function draftOf(
  task: InspectTask,
  input: TranslateInput & { readonly shown: string; readonly notes: Notes },
): Draft {
  const { notes, shown, folder } = input;
  const accounts: Accounts = new Map();
  const { account, model } = accountNamed(task.model ?? USUAL_MODEL, accounts, { notes, place: task.place });
  if (task.model === null)
    notes.told.push(
      `The task names no model (Inspect is told it when it starts): ${USUAL_MODEL} stands there; another one: provider: and model: in experiment.yaml`,
    );
  const variant = inspectVariant(task, notes);
  const scorers = translateScorers(task.scorers, notes);
  const isAlone = scorers.filter(({ isJudge }) => !isJudge).length === 1;
  const namer = makeNamer();
  const named = scorers.map((scorer) => ({ scorer, key: namer(scorer.key) }));
  const files = makeFiles(folder);
  const name = experimentName(task.name);
  const read = [...JSON.stringify(variant.settings).matchAll(/\{\{vars\.(\w+)\}\}/g)].map(([, one]) => one!);
  const lines = scenarioLines(task.samples, { named, isAlone, variant, read });
  const scenarios = files.add(`scenarios/${name}.jsonl`, `${lines.join('\n')}\n`);
  const declared = named.map(({ scorer, key }) =>
    withGrader(scorer, {
      declared: scorer.declared({ name: key, isAlone }),
      accounts,
      notes,
      place: task.place,
      asked: { account, model },
    }),
  );
  if (scorers.some(({ key }) => key === 'exact'))
    notes.told.push('exact: articles and punctuation count here, which Inspect leaves out');
  const text = manifestText({
    about: [`Made of ${shown} by: npx expgraph init --from-inspect`],
    name,
    description: null,
    runs: task.epochs,
    scenarios: [scenarios],
    variants: new Map([['task', variant.settings]]),
    settings: { provider: account, model },
    inputs: [],
    scorers: declared,
    execution: {},
    accounts,
    answers: input.answers,
    left: notes.left,
  });
  return {
    files: new Map([['experiment.yaml', text], ...files.written()]),
    reads: [],
    told: notes.told,
    left: notes.left,
    types: typesOf(accounts),
    answers: input.answers,
  };
}

const USUAL_MODEL = 'openai/gpt-4.1-mini';

/** Vendors whose names are others there. */
const VENDORS: { readonly [vendor: string]: string | undefined } = {
  grok: 'xai',
  together: 'togetherai',
  'openai-api': '',
};

/** `anthropic/claude-...` -> an account of that type; one that is not known here is an OpenAI account, and named. */
function accountNamed(
  model: string,
  accounts: Accounts,
  { notes, place }: { readonly notes: Notes; readonly place: string },
): { readonly account: string; readonly model: string } {
  const [vendor = '', ...rest] = model.split('/');
  const found = rest.length === 0 ? null : accountOf(`${rowOf(VENDORS, vendor) ?? vendor}:${rest.join('/')}`);
  if (found?.kind === 'account') {
    accounts.set(found.account, found.entry);
    return { account: found.account, model: found.model };
  }
  notes.left.push({ place, what: `model ${model}`, why: found?.why ?? 'it names no vendor' });
  accounts.set('openai', { type: 'openai', api_key_env: 'OPENAI_API_KEY' });
  return { account: 'openai', model: rest.join('/') || model };
}

function withGrader(
  { grader, isJudge }: TranslatedScorer,
  input: {
    readonly declared: Json;
    readonly accounts: Accounts;
    readonly notes: Notes;
    readonly place: string;
    readonly asked: { readonly account: string; readonly model: string };
  },
): Json {
  if (!isJudge) return input.declared;
  const { judge, ...rest } = input.declared as JsonObject;
  const { account, model } = grader === null ? input.asked : accountNamed(grader, input.accounts, input);
  return { judge: { provider: account, model, ...(judge as JsonObject) }, ...rest };
}

type Lines = {
  readonly named: readonly { readonly scorer: TranslatedScorer; readonly key: string }[];
  readonly isAlone: boolean;
  readonly variant: InspectVariant;
  /** Variables that the template reads: where a sample has none, nothing stands there. */
  readonly read: readonly string[];
};

/** A scenario a line: data sets are long. */
function scenarioLines(
  samples: readonly InspectSample[],
  { named, isAlone, variant, read }: Lines,
): readonly string[] {
  const seen = new Set<string>();
  return samples.map((sample) => {
    const { id, input, metadata } = sample;
    const isFree = id !== null && !seen.has(id);
    if (id !== null) seen.add(id);
    const expect: JsonObject = Object.assign(
      {},
      ...named.flatMap(({ scorer, key }) => {
        const held = scorer.expect(sample);
        if (held === null) return [];
        return [scorer.isJudge || !isAlone ? { [key]: held } : (held as JsonObject)];
      }),
    );
    const vars = {
      ...Object.fromEntries(read.map((name) => [name, ''])),
      ...metadata,
      ...variant.varsOf(sample),
    };
    return JSON.stringify({
      ...(isFree ? { id } : {}),
      input,
      ...(Object.keys(vars).length === 0 ? {} : { vars }),
      ...(Object.keys(expect).length === 0 ? {} : { expect }),
    });
  });
}
