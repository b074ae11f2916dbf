// `variants:` -> every arm with nothing left to look up: matrix expanded, defaults applied, texts and tools read.
import type { JsonObject } from '../../core/json.ts';
import type { Variant } from '../../core/manifest.ts';
import { didYouMean } from '../../core/nearest.ts';
import { entryOf } from '../../core/providers/table.ts';
import { type Axes, expandMatrix, matrixSize, slugOf } from '../../variants/expand.ts';
import { nameProblem } from '../documents/names.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';
import { makeToolReader } from '../tools/tools.ts';
import { inOneForm, makeTemplateReader, type PromptValue, type Template } from './chat-template.ts';
import { kindOf } from './kind.ts';
import { paramProblem } from './params.ts';
import { type Account, BUILT_IN } from './providers.ts';
import { checkFormatParams, makeFormatReader } from './response-format.ts';
import { type Combination, findSetting, type Setting, type SettingName } from './settings.ts';
import { makeTextReader, type Text } from './texts.ts';

export type ResolvedVariant = {
  readonly variant: Variant;
  /** Where it is declared. */
  readonly path: JsonPath;
  readonly arm: Combination;
  /** What is filled of its prompt, with a way to point into each; null = a part could not be read. */
  readonly prompt: readonly PromptText[] | null;
};

/** `of`: where it is written. */
export type PromptText = Text & { readonly of: 'system' | 'template' };

/** More arms than this are a typing mistake, or a plan that nobody can pay for. */
const MAX_COMBINATIONS = 1000;

export function readVariants(
  reading: Reading,
  accounts: ReadonlyMap<string, Account>,
): readonly ResolvedVariant[] {
  const text = makeTextReader(reading);
  const template = makeTemplateReader(reading, text);
  const readers = { text, template, tools: makeToolReader(reading), format: makeFormatReader(reading) };
  const resolved: ResolvedVariant[] = [];
  for (const [key, raw] of Object.entries(reading.raw.variants ?? {})) {
    const path = ['variants', key];
    const problem = nameProblem("the variant's name", key);
    if (problem) say(reading, { path, part: 'key', code: 'bad-name', ...problem });
    const axes = (raw?.matrix ?? {}) as Axes;
    const size = matrixSize(axes);
    if (size > MAX_COMBINATIONS) {
      const message = `this matrix has ${size} combinations; the limit is ${MAX_COMBINATIONS}`;
      say(reading, { path: [...path, 'matrix'], part: 'key', code: 'too-large', message });
      continue;
    }
    for (const { name, picks } of expandMatrix({ name: key, axes })) {
      resolved.push(readVariant({ reading, accounts, readers, name, arm: { key, picks } }));
    }
  }
  reportTwins(reading, resolved);
  return resolved;
}

type Readers = {
  readonly text: ReturnType<typeof makeTextReader>;
  readonly template: ReturnType<typeof makeTemplateReader>;
  readonly tools: ReturnType<typeof makeToolReader>;
  readonly format: ReturnType<typeof makeFormatReader>;
};

type Making = {
  readonly reading: Reading;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly readers: Readers;
  readonly name: string;
  readonly arm: Combination;
};

function readVariant(making: Making): ResolvedVariant {
  const { reading, readers, arm, name } = making;
  const get = (setting: SettingName) => findSetting(reading, { arm, name: setting });
  const { provider, model } = readModel(making);
  const maxOutputTokens = valueOr<number | null>(get('max_output_tokens'), null);
  const tools = get('tools');
  const format = get('response_format');
  checkFormatParams(reading, { format, params: get('params') });
  const { texts, ...prompt } = readPrompt(making);
  const variant: Variant = {
    name,
    slug: slugOf(name),
    provider,
    model,
    temperature: valueOr<number | null>(get('temperature'), null),
    maxOutputTokens,
    params: readParams({ reading, setting: get('params'), maxOutputTokens }),
    ...prompt,
    tools: tools.kind === 'given' ? (readers.tools(tools.value, tools.path) ?? []) : [],
    maxTurns: valueOr(get('max_turns'), 1),
    seed: valueOr<number | null>(get('seed'), null),
    ...readers.format(format),
    salt: valueOr(get('salt'), ''),
    runs: valueOr(get('runs'), 1),
    // Read in a second step, which most experiments do not need.
    mcp: null,
    harness: null,
  };
  return {
    variant,
    path: ['variants', arm.key],
    arm,
    prompt: texts,
  };
}

const PLAIN_TEMPLATE: Template = { value: '{{input}}', texts: [] };

function readPrompt({ reading, readers, arm }: Making): PromptValue & {
  readonly texts: readonly PromptText[] | null;
} {
  const [system, template] = [
    findSetting(reading, { arm, name: 'system' }),
    findSetting(reading, { arm, name: 'template' }),
  ];
  const told =
    system.kind === 'given' && system.value !== null ? readers.text(system.value, system.path) : null;
  const made = template.kind === 'given' ? readers.template(template.value, template.path) : PLAIN_TEMPLATE;
  const isRead = (setting: Setting, read: unknown): boolean =>
    setting.kind === 'absent' || (setting.kind === 'given' && (setting.value === null || read !== null));
  const value = { system: told?.text ?? null, template: made?.value ?? '{{input}}' };
  if (value.system !== null && typeof value.template !== 'string') {
    const isTwice = value.template.some(({ role }) => role === 'system');
    if (isTwice && template.kind === 'given') warnOfTwoSystems(reading, template.path);
  }
  return {
    ...inOneForm(value, { isOurs: kindOf(reading, arm.key) === null }),
    texts:
      isRead(system, told) && isRead(template, made)
        ? [
            ...(told === null ? [] : [{ ...told, of: 'system' as const }]),
            ...(made?.texts ?? []).map((text) => ({ ...text, of: 'template' as const })),
          ]
        : null,
  };
}

function warnOfTwoSystems(reading: Reading, path: JsonPath): void {
  say(reading, {
    path,
    part: 'key',
    severity: 'warning',
    code: 'two-systems',
    message: 'two system messages are sent: "system", and then the one among these messages',
    hint: 'write "system: null" beside these messages, or leave their own out',
  });
}

function valueOr<Value>(setting: Setting, fallback: Value): Value {
  return setting.kind === 'given' ? (setting.value as Value) : fallback;
}

function readModel({ reading, accounts, arm }: Making): {
  readonly provider: string;
  readonly model: string;
} {
  const setting = findSetting(reading, { arm, name: 'provider' });
  const own = ['variants', arm.key];
  const unnamed = { provider: '', model: '' };
  const modelOr = (fallback: string): string =>
    valueOr(findSetting(reading, { arm, name: 'model' }), fallback);
  if (setting.kind === 'spoiled') return unnamed;
  if (setting.kind === 'absent' && kindOf(reading, arm.key) !== null)
    return { provider: 'none', model: modelOr('none') };
  if (setting.kind === 'absent') {
    const hint = `for example: provider: sim (no key needed), or one of ${[...accounts.keys()].map((name) => JSON.stringify(name)).join(', ')}`;
    say(reading, {
      path: own,
      part: 'key',
      code: 'no-provider',
      message: `the variant ${JSON.stringify(arm.key)} has no provider`,
      hint,
    });
    return unnamed;
  }
  const provider = setting.value as string;
  const account = accounts.get(provider);
  if (!account) {
    if (!reading.isSpoiled(['providers', provider])) {
      const known = new Set([...accounts.keys(), ...Object.keys(BUILT_IN)]);
      const hint = didYouMean(provider, known) ?? `known here: ${[...known].join(', ')}`;
      const message = `there is no provider ${JSON.stringify(provider)}`;
      say(reading, { path: setting.path, code: 'unknown-provider', message, hint });
    }
    return unnamed;
  }
  const model = findSetting(reading, { arm, name: 'model' });
  const fallback = account.model ?? entryOf(account.provider.type).defaults.model;
  if (model.kind === 'absent' && fallback === null) {
    const message = `the variant ${JSON.stringify(arm.key)} has no model`;
    const hint = `write "model:" at the top level, in the variant, or under providers.${provider}`;
    say(reading, { path: own, part: 'key', code: 'no-model', message, hint });
  }
  const name = valueOr(model, fallback ?? '');
  if (/latest$/i.test(name)) {
    const path = model.kind === 'given' ? model.path : ['providers', provider, 'model'];
    const message = `${JSON.stringify(name)} is a moving name: another model may answer tomorrow, and kept answers stay`;
    const hint = 'a dated name makes the experiment repeatable';
    say(reading, { path, severity: 'warning', code: 'floating-model', message, hint });
  }
  return { provider, model: name };
}

function readParams(input: {
  reading: Reading;
  setting: Setting;
  maxOutputTokens: number | null;
}): JsonObject {
  const { reading, setting, maxOutputTokens } = input;
  if (setting.kind !== 'given') return {};
  const params = setting.value as JsonObject;
  for (const name of Object.keys(params)) {
    const problem = paramProblem(name, { maxOutputTokens });
    if (problem)
      say(reading, { path: [...setting.path, name], part: 'key', code: 'reserved-param', ...problem });
  }
  return params;
}

/** File names are told apart without regard to case: the results of two variants must not fall into one file. */
function reportTwins(reading: Reading, variants: readonly ResolvedVariant[]): void {
  const first = new Map<string, ResolvedVariant>();
  for (const resolved of variants) {
    const { variant, path } = resolved;
    const twin = first.get(variant.slug);
    if (!twin) {
      first.set(variant.slug, resolved);
      continue;
    }
    const related = [
      { message: 'the first is here', location: reading.document.locate({ path: twin.path, part: 'key' }) },
    ];
    const isSame = twin.variant.name === variant.name;
    reading.findings.add(reading.document.file, () => ({
      code: isSame ? 'duplicate-variant' : 'slug-collision',
      message: isSame
        ? `the variant ${JSON.stringify(variant.name)} is there twice: a value of its matrix is repeated`
        : `the variants ${JSON.stringify(twin.variant.name)} and ${JSON.stringify(variant.name)} would share the files ${variant.slug}_run1.jsonl`,
      location: reading.document.locate({ path, part: 'key' }),
      hint: isSame ? null : 'rename one of them',
      related: isSame ? [] : related,
    }));
  }
}
