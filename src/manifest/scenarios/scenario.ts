// One scenario as written -> one scenario, with the shared defaults of its file and everything filled in.
import type { Json, JsonObject } from '../../core/json.ts';
import type { Scenario } from '../../core/manifest.ts';
import type { WrittenMapping } from '../../scoring/expectations/mapping.ts';
import { nameProblem } from '../documents/names.ts';
import { asMessages, type RawInput } from './input-form.ts';

/** A scenario as the schema lets it through. */
export type RawScenario = {
  readonly id?: string;
  readonly input?: RawInput;
  readonly category?: string;
  readonly tags?: readonly string[];
  readonly description?: string;
  readonly vars?: JsonObject;
  readonly expect?: Json;
  readonly tools?: string | readonly unknown[];
  readonly tool_results?: JsonObject;
  readonly expects_tools?: WrittenMapping;
};
export type RawDefaults = Omit<RawScenario, 'id'>;

/** Which field of a scenario cannot be used, and why. */
export type FieldProblem = {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint: string | null;
};

const NONE: readonly never[] = [];
const NO_INTENTS: Scenario['expectsTools'] = Object.freeze({});
const EMPTY: JsonObject = Object.freeze({});

/** `vars` and `tool_results` are joined name by name; any other field of the scenario replaces the default. */
export function makeScenario(context: {
  readonly raw: RawScenario;
  readonly defaults: RawDefaults;
  readonly file: string;
  readonly line: number;
}): Scenario {
  const { raw, defaults } = context;
  return {
    // Empty: made when all scenarios are known.
    id: raw.id === undefined ? '' : normal(raw.id),
    input: asMessages(raw.input ?? defaults.input ?? ''),
    category: normalOrNull(raw.category ?? defaults.category),
    tags: (raw.tags ?? defaults.tags)?.map(normal) ?? NONE,
    description: raw.description ?? defaults.description ?? null,
    vars: joined(defaults.vars, raw.vars),
    expect: raw.expect ?? defaults.expect ?? null,
    toolResults: joined(defaults.tool_results, raw.tool_results),
    // Read when all variants are known.
    expectsTools: NO_INTENTS,
    source: { file: context.file, line: context.line },
  };
}

/** What the schema cannot say: ids, categories and tags are printed and typed, so they are visible and one line. */
export function fieldProblems(raw: RawScenario): readonly FieldProblem[] {
  if (isOrdinary(raw.id) && isOrdinary(raw.category) && (raw.tags ?? NONE).every(isOrdinary)) return NONE;
  const named = [
    { path: ['id'], problem: raw.id === undefined ? null : nameProblem('the id', raw.id) },
    {
      path: ['category'],
      problem: raw.category === undefined ? null : nameProblem('the category', raw.category),
    },
    ...(raw.tags ?? NONE).map((tag, index) => ({
      path: ['tags', index],
      problem: nameProblem('the tag', tag),
    })),
  ];
  return named.flatMap(({ path, problem }) => (problem ? [{ path, ...problem }] : []));
}

/** The fast way out for nearly all names of nearly all scenarios. */
function isOrdinary(name: string | undefined): boolean {
  return name === undefined || (name.length <= 200 && /^[!-~](?:[ -~]*[!-~])?$/.test(name));
}

/** What people type and what is printed is one text, however its accents are encoded. */
function normal(name: string): string {
  return /^[ -~]*$/.test(name) ? name : name.normalize('NFC');
}

function normalOrNull(name: string | undefined): string | null {
  return name === undefined ? null : normal(name);
}

function joined(shared: JsonObject | undefined, own: JsonObject | undefined): JsonObject {
  if (shared === undefined) return own ?? EMPTY;
  // Spread copies members as they are, `__proto__` included: nothing is assigned.
  return own === undefined ? shared : { ...shared, ...own };
}
