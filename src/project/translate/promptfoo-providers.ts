// `providers:` (or `targets:`) of promptfoo -> arms: an account with a model and its settings, or a program.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Accounts, Notes, Settings } from './draft.ts';
import { makeNamer, rowOf, slug } from './names.ts';
import { accountOf } from './promptfoo-accounts.ts';
import { readConfig } from './promptfoo-config.ts';
import { type Program, programOf } from './promptfoo-programs.ts';
import {
  findNamed,
  isPlacedMap,
  items,
  leave,
  member,
  openSource,
  type Placed,
  type Reach,
} from './source.ts';

export type Arm = {
  readonly name: string;
  /** By what filters of tests may call it. */
  readonly ids: readonly string[];
  readonly asked: Asked;
  /** Ids or labels of prompts; null = all. */
  readonly prompts: readonly string[] | null;
};

export type Asked =
  | {
      readonly kind: 'model';
      readonly account: string;
      readonly model: string;
      readonly settings: Settings;
      readonly tools: readonly JsonObject[] | null;
    }
  | Program;

export type ProvidersContext = {
  readonly reach: Reach;
  readonly notes: Notes;
  readonly folder: string;
  readonly accounts: Accounts;
};

type Entry = { readonly id: string; readonly label: string | null; readonly placed: Placed<JsonObject> };

export function readProviders(placed: Placed<Json>, context: ProvidersContext): readonly Arm[] {
  const namer = makeNamer();
  return entriesOf(placed, context).flatMap((entry) => {
    const asked = askedOf(entry, context);
    if (asked === null) return [];
    const { id, label } = entry;
    const { prompts } = entry.placed.value;
    const name = namer(
      slug(label ?? '') ||
        slug(asked.kind === 'model' ? asked.model.replace(/^.*\//, '') : id.replace(/^\w+:(?:\/\/)?/, '')) ||
        'provider',
    );
    const only = Array.isArray(prompts) ? (prompts as readonly Json[]).map(String) : null;
    return [{ name, ids: label === null ? [id] : [id, label], asked, prompts: only }];
  });
}

/** The one provider of a grader: `provider: openai:gpt-5`, or a map. null: what is wrong is among the notes. */
export function readGrader(
  placed: Placed<Json>,
  context: ProvidersContext,
): { readonly account: string; readonly model: string; readonly settings: Settings } | null {
  const [entry] = entriesOf(placed, context);
  const asked = entry === undefined ? null : askedOf(entry, context);
  return asked?.kind === 'model' ? asked : null;
}

/** @param above files that name each other down to here: a circle of them would have no end */
function entriesOf(
  placed: Placed<Json>,
  context: ProvidersContext,
  above: readonly string[] = [placed.source.file],
): readonly Entry[] {
  if (Array.isArray(placed.value)) return items(placed).flatMap((item) => entriesOf(item, context, above));
  const none = { ...placed, value: {} };
  if (typeof placed.value === 'string') {
    if (/^file:\/\/.*\.(?:ya?ml|json)$/i.test(placed.value))
      return fromFile(placed as Placed<string>, context, above);
    return [{ id: placed.value, label: null, placed: none }];
  }
  if (!isPlacedMap(placed)) {
    leave(context.notes, placed, { what: 'provider', why: 'it is neither a name nor a map' });
    return [];
  }
  const { id, label } = placed.value;
  if (typeof id === 'string') return [{ id, label: typeof label === 'string' ? label : null, placed }];
  // `- openai:gpt-5: { config: ... }`
  return Object.keys(placed.value).flatMap((name) => {
    const inner = member(placed, name);
    if (!isPlacedMap(inner)) {
      leave(context.notes, inner, { what: `provider ${name}`, why: 'it has no id' });
      return [];
    }
    const own = inner.value.id;
    const told = inner.value.label;
    return [
      {
        id: typeof own === 'string' ? own : name,
        label: typeof told === 'string' ? told : null,
        placed: inner,
      },
    ];
  });
}

function fromFile(
  placed: Placed<string>,
  context: ProvidersContext,
  above: readonly string[],
): readonly Entry[] {
  const found = findNamed(placed.value, placed.source.folder, context.reach);
  const why =
    found.kind === 'none'
      ? found.why
      : above.includes(found.file)
        ? 'the file names itself, on this way or by another'
        : null;
  if (found.kind === 'none' || why !== null) {
    leave(context.notes, placed, { what: `provider ${placed.value}`, why: why! });
    return [];
  }
  const source = openSource(found.file, context.reach);
  return entriesOf({ value: source.value, source, path: [] }, context, [...above, found.file]);
}

const KNOWN = new Set(['id', 'label', 'config', 'prompts']);

function askedOf({ id, placed }: Entry, context: ProvidersContext): Asked | null {
  const { notes } = context;
  const what = `provider ${id}`;
  const config = member(placed, 'config');
  if (config.value !== null && !isPlacedMap(config))
    leave(notes, config, { what: `${what}: config`, why: 'it is no map' });
  const told = isPlacedMap(config) ? config : { ...config, value: {} };
  const program = programOf(id, told.value, { ...context, placed });
  if (program.kind === 'none') {
    leave(notes, placed, { what, why: program.why });
    return null;
  }
  for (const name of Object.keys(placed.value).filter((one) => !KNOWN.has(one))) {
    if (isJsonObject(placed.value) && placed.value[name] !== null)
      leave(notes, member(placed, name), {
        what: `${what}: ${name}`,
        why: rowOf(THEIRS, name) ?? 'it is not known here',
      });
  }
  if (program.kind === 'program') {
    for (const [name, why] of program.dropped)
      leave(notes, member(told, name), { what: `provider config ${name}`, why });
    return program;
  }
  const found = accountOf(id);
  if (found.kind === 'none') {
    leave(notes, placed, { what, why: found.why });
    return null;
  }
  const type = String(found.entry.type);
  const { settings, account, tools } = readConfig(told, { ...context, type });
  const entry = { ...found.entry, ...account };
  if (typeof account.api_key_env === 'string') delete (entry as { auth?: unknown }).auth;
  return {
    kind: 'model',
    account: accountNamed(context.accounts, found.account, entry),
    model: found.model,
    settings,
    tools,
  };
}

const THEIRS: { readonly [name: string]: string | undefined } = {
  delay: 'limits stand with the account: limits: { rpm: 60 } (docs/limits.md)',
  transform: 'it is code: read the answer by a scorer of your own',
  env: 'variables stand in the environment, or in a file: env_file',
  inputs: 'it is for red teams',
};

/** The same settings are one account; the same name with others is a second one. */
function accountNamed(accounts: Accounts, wanted: string, entry: JsonObject): string {
  const text = JSON.stringify(entry);
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted}-${n}`;
    const there = accounts.get(name);
    if (there !== undefined && JSON.stringify(there) !== text) continue;
    accounts.set(name, entry);
    return name;
  }
}
