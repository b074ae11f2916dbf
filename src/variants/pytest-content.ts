// What counts of a variant of tests (docs/pytest.md): the definitions that it reaches, how it is told which variant it is, and
// of a scenario what pytest says that its parameters are. Settings of the manifest count where a test asks for them. Pure.
import { codeContent } from '../core/code-content.ts';
import type { CodeFile, PytestHarness, PytestReach, SurveyItem } from '../core/harness.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { countedArgs, shellWordsOf } from '../core/pytest-words.ts';

/** Of tests whose code is known definition by definition; until then all of their files counted (version 2). */
export const PYTEST_VERSION = 3;

export type ReachedHarness = PytestHarness & { readonly reach: PytestReach };

export function reachedContent(harness: ReachedHarness): JsonObject {
  const { python, args, variant, variantsFrom, env, code, reach } = harness;
  const words = countedArgs(args);
  const told = new Set(reach.told);
  const rest = {
    files: code.files.filter((file) => !told.has(file.path)),
    packages: code.packages.filter(({ name }) => !told.has(name)),
  };
  return {
    kind: 'pytest',
    variant,
    python,
    variants_from: { ...variantsFrom },
    ...(words.length === 0 ? {} : { args: words }),
    ...envContent(env.set),
    ...codeContent(rest),
    ...(isEmpty(reach.settings) ? {} : { settings: reach.settings }),
    units: isWhole(harness) ? { ...reach.counts } : { ...reach.values, ...reach.counts },
  };
}

/**
 * Without the files that only make values of parameters: these are told one by one. A file counts as soon as other code
 * may read one, or a value names it. And without those that are named after other variants, where only they can open them.
 */
export function countedFiles(all: readonly CodeFile[], harness: ReachedHarness): readonly CodeFile[] {
  const files = all.filter(({ path }) => !isOfOthers(path.split('/').at(-1)!, harness));
  const { readsFiles, valueTexts } = harness.reach;
  if (readsFiles || files.length === 0 || !isWhole(harness)) return files;
  const values = JSON.stringify(harness.survey?.items.map(({ params }) => params) ?? []);
  const names = new Set(valueTexts.map((text) => text.split('/').at(-1)!));
  return files.filter(({ path }) => {
    const name = path.split('/').at(-1)!;
    const dot = name.lastIndexOf('.');
    const isMade = names.has(name) || (dot > 0 && names.has(`*${name.slice(dot)}`));
    return !isMade || values.includes(name) || values.includes(`"${name.slice(0, Math.max(dot, 1))}"`);
  });
}

/** Functions that ran and that the key does not hold: names did not lead to them. */
export function unheld(ran: readonly string[], harness: ReachedHarness): readonly string[] {
  const { reach } = harness;
  const all = new Set(reach.units);
  const told = new Set(reach.told);
  const isHeld = (unit: string): boolean =>
    Object.hasOwn(reach.counts, unit) || (!isWhole(harness) && Object.hasOwn(reach.values, unit));
  return ran.filter((name) => {
    const file = name.slice(0, name.lastIndexOf(':'));
    // Defined under a condition, it is a part of what runs when the file is imported.
    const unit = all.has(name) ? name : `${file}:(module)`;
    // Other files count whole, those without a unit of the name among them.
    return told.has(file) && all.has(unit) && !isHeld(unit) && !isHeld(file);
  });
}

function isOfOthers(name: string, { variant, reach }: ReachedHarness): boolean {
  if (reach.ofVariants === null || reach.ofVariants.includes(name)) return false;
  const owners = reach.variants.filter((one) => name === one || name.startsWith(`${one}.`));
  return owners.length > 0 && !owners.includes(variant);
}

/** What PYTEST_ADDOPTS says counts as arguments do. */
function envContent({ PYTEST_ADDOPTS: added, ...set }: { readonly [name: string]: string }): JsonObject {
  const words = added === undefined ? [] : countedArgs(shellWordsOf(added));
  const env = { ...set, ...(words.length === 0 ? {} : { PYTEST_ADDOPTS: words.join(' ') }) };
  return isEmpty(env) ? {} : { env };
}

/** Whether pytest told every value of every parameter whole: then it does not matter how they were made. */
export function isWhole(harness: PytestHarness): boolean {
  return harness.survey !== null && unknownValues(harness).length === 0;
}

/** Names of parameters with values that are no data. */
export function unknownValues({ survey }: PytestHarness): readonly string[] {
  const names = (survey?.items ?? []).flatMap(({ params }) =>
    Object.entries(params).flatMap(([name, { value }]) => (isTold(value) ? [] : [name])),
  );
  return [...new Set(names)];
}

/** An object that has no form as data, and code that has no name, may have changed without a word. */
function isTold(value: Json): boolean {
  if (Array.isArray(value)) return value.every((item: Json) => isTold(item));
  if (!isJsonObject(value)) return true;
  if (value.$opaque !== undefined) return false;
  const named = [value.$ref, value.$type].find((name) => typeof name === 'string' && name.includes('<'));
  return named === undefined && Object.values(value).every((item) => isTold(item ?? null));
}

/** The items of one scenario of one variant; each run has one. */
export type ItemsOf = (scenario: string) => readonly SurveyItem[];

export function itemsOf({ survey, variant }: PytestHarness): ItemsOf {
  const byScenario = new Map<string, SurveyItem[]>();
  for (const item of survey?.items ?? []) {
    if (item.variant !== null && item.variant !== variant) continue;
    const known = byScenario.get(item.scenario);
    if (known) known.push(item);
    else byScenario.set(item.scenario, [item]);
  }
  return (scenario) => byScenario.get(scenario) ?? [];
}

/**
 * The test and the values that it is given. Where these are no more than a name, it finds the rest by that name, in the
 * files that the manifest has it from: the manifest's scenario counts too.
 */
export function itemContent(
  id: string,
  input: {
    readonly harness: ReachedHarness;
    readonly items: readonly SurveyItem[];
    /** What would count of it if the test were told it whole. */
    readonly manifest: JsonObject;
  },
): JsonObject {
  const { harness, items } = input;
  const { exact: _, ...manifest } = input.manifest;
  const all = toldItems(harness, items);
  return {
    v: PYTEST_VERSION,
    id,
    ...(all.length === 0 ? {} : { items: all }),
    ...(hasManifest(harness, all) ? manifest : {}),
  };
}

function toldItems(harness: ReachedHarness, items: readonly SurveyItem[]): readonly JsonObject[] {
  return distinct(items.map((item) => toldOf(item, harness, harness.reach.labels)));
}

function hasManifest({ reach }: ReachedHarness, all: readonly JsonObject[]): boolean {
  const values = all.flatMap(({ vars }) => (isJsonObject(vars) ? Object.values(vars) : []));
  // A text may be the name of something that the test reads elsewhere.
  return reach.usesSettings || !values.some(isObject) || values.some((value) => typeof value === 'string');
}

/**
 * Whether a file that the manifest names (of scenarios, a prompt, itself) counts for a cell of tests that open it by themselves:
 * by what the manifest has from it, or by the values that are made of it.
 */
export function countsInTests(
  file: string,
  input: { readonly harness: ReachedHarness; readonly scenario: string; readonly isOfScenario: boolean },
): boolean {
  const { harness, scenario, isOfScenario } = input;
  if (harness.reach.usesSettings) return true;
  if (countedFiles([{ path: file, digest: '' }], harness).length === 0) return true;
  return isOfScenario && hasManifest(harness, toldItems(harness, itemsOf(harness)(scenario)));
}

function toldOf(item: SurveyItem, { variantsFrom }: PytestHarness, labels: readonly string[]): JsonObject {
  const params = Object.entries(item.params).filter(
    // A variant that is its name is in the variant's part; one that is an object may be more than that.
    ([name, { value }]) =>
      !name.startsWith('_') &&
      !(variantsFrom.kind === 'param' && name === variantsFrom.name && typeof value === 'string'),
  );
  return {
    file: item.file,
    function: item.function,
    vars: Object.fromEntries(params.map(([name, { value }]) => [name, withoutLabels(value, labels)])),
    ...(item.markers.length === 0
      ? {}
      : { markers: item.markers.map(({ name, args }) => ({ name, args: [...args] })) }),
  };
}

function withoutLabels(value: Json, labels: readonly string[]): Json {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !labels.includes(name))) as JsonObject;
}

function isObject(value: Json | undefined): boolean {
  return isJsonObject(value) || Array.isArray(value);
}

function distinct(all: readonly JsonObject[]): readonly JsonObject[] {
  const byText = new Map(all.map((one) => [JSON.stringify(one), one]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
