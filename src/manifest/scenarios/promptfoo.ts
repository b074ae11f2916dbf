// A table of test cases as promptfoo has it: `__expected` is what is expected, every other column a variable.
import type { Json, JsonObject } from '../../core/json.ts';
import { nameProblem } from '../documents/names.ts';
import type { ScenarioSource } from '../documents/origin.ts';
import type { JsonPath } from '../errors/place.ts';
import { assertionOf } from './promptfoo-assertion.ts';

/** No other tool has a column of that name, and nobody means something else by it. */
export function isPromptfoo(header: readonly string[]): boolean {
  return header.some(isExpected);
}

function isExpected(name: string): boolean {
  return /^__expected\d*$/.test(name);
}

/** What a template reads by the same name without `vars.`, and so is what it is called. */
const OURS = ['id', 'input', 'category'] as const;

const SETTINGS: { readonly [column: string]: string | undefined } = {
  __metric: 'scores are named by the scorers that give them',
  __threshold: 'the share that passes is an option of the scorer: scorers: [{ expect: {}, pass_at: 0.5 }]',
  __providerOutput: 'answers that are there already are read by "npx expgraph import"',
};

export type PromptfooRow = {
  readonly raw: JsonObject;
  /** A warning, or a mistake where something else would be sent than is asked for. */
  readonly told: readonly PromptfooNote[];
};

export type PromptfooNote = {
  readonly severity: 'warning' | 'error';
  readonly column: string;
  readonly message: string;
  readonly hint: string | null;
};

/** Two columns that would be one thing; null: there are none. */
export function promptfooClash(header: readonly string[]): readonly [string, string] | null {
  const own = header.find((name) => /^expect(?:\.|$)/.test(name));
  if (own !== undefined) return [own, header.find(isExpected)!];
  const seen = new Map<string, string>();
  for (const name of header) {
    const first = seen.get(bare(name));
    if (first !== undefined && name.trim() !== '') return [name, first];
    seen.set(bare(name), name);
  }
  return null;
}

export function readPromptfooRow(header: readonly string[], cells: readonly string[]): PromptfooRow {
  const fields: [string, Json][] = [];
  const vars: [string, Json][] = [];
  const told: PromptfooNote[] = [];
  const tags: string[] = [];
  const variables = new Map<string, string>();
  for (const [i, name] of header.entries()) if (!name.startsWith('__')) variables.set(bare(name), cells[i]!);
  for (const [i, name] of header.entries()) {
    const cell = cells[i]!;
    if (name.startsWith('__metadata:')) {
      if (cell.trim() !== '') readMetadata({ name, cell: cell.trim() }, { fields, tags, header });
    } else if (name === '__description') {
      if (cell !== '') fields.push(['description', cell]);
    } else if (isSetting(name)) {
      if (cell.trim() !== '') told.push(settingNote(name));
    } else if ((OURS as readonly string[]).includes(name)) {
      if (cell !== '') fields.push([name, cell]);
    } else if (!isExpected(name) && name.trim() !== '') {
      vars.push([bare(name), cell]);
    }
  }
  const expect = expectationOf({ header, cells, variables }, told);
  if (expect !== null) fields.push(['expect', expect]);
  if (tags.length > 0) fields.push(['tags', tags]);
  // fromEntries defines members and assigns none: `__proto__` is a name like any other.
  if (vars.length > 0) fields.push(['vars', Object.fromEntries(vars)]);
  return { raw: Object.fromEntries(fields), told };
}

/** Our own way to write a variable is understood beside promptfoo's. */
function bare(name: string): string {
  return name.startsWith('vars.') ? name.slice('vars.'.length) : name;
}

function isSetting(name: string): boolean {
  return Object.hasOwn(SETTINGS, name) || /^__(?:config:|prefix$|suffix$)/.test(name);
}

function settingNote(column: string): PromptfooNote {
  const hint = SETTINGS[column];
  if (hint !== undefined || column.startsWith('__config:')) {
    const message = `the column ${JSON.stringify(column)} is read by promptfoo only`;
    return {
      severity: 'warning',
      column,
      message,
      hint: hint ?? 'options stand with a scorer in the manifest',
    };
  }
  const name = column.slice(2);
  return {
    ...{
      severity: 'error',
      column,
      message: `the column ${JSON.stringify(column)} is not put into the prompt`,
    },
    hint: `name it ${JSON.stringify(name)} and write {{vars.${name}}} in the template`,
  };
}

/** Labels; what is no name (a text of many lines) is no label, and was none of the model's business either. */
function readMetadata(
  input: { readonly name: string; readonly cell: string },
  into: { readonly fields: [string, Json][]; readonly tags: string[]; readonly header: readonly string[] },
): void {
  const key = input.name.slice('__metadata:'.length);
  const isList = key.endsWith('[]');
  const values = isList ? input.cell.split(',').map((one) => one.trim()) : [input.cell];
  const named = isList ? key.slice(0, -2) : key;
  if (named === 'category' && !isList && !into.header.includes('category')) {
    if (nameProblem('the category', input.cell) === null) into.fields.push(['category', input.cell]);
    return;
  }
  const labels = values
    .filter((value) => value !== '')
    .map((value) => (named === 'tags' || named === 'tag' ? value : `${named}=${value}`));
  into.tags.push(...labels.filter((label) => nameProblem('the tag', label) === null));
}

function expectationOf(
  input: {
    readonly header: readonly string[];
    readonly cells: readonly string[];
    readonly variables: ReadonlyMap<string, string>;
  },
  told: PromptfooNote[],
): JsonObject | null {
  const written = input.header.flatMap((column, i) =>
    isExpected(column) && input.cells[i]!.trim() !== '' ? [{ column, cell: input.cells[i]! }] : [],
  );
  return expectation(written, { variables: input.variables, tell: (note) => void told.push(note) });
}

/** All of a row's assertions have to hold, as there. */
function expectation(
  written: readonly { readonly column: string; readonly cell: string }[],
  input: { readonly variables: ReadonlyMap<string, string>; readonly tell: (note: PromptfooNote) => void },
): JsonObject | null {
  const rules: JsonObject[] = [];
  const rubrics: string[] = [];
  const left: string[] = [];
  for (const { column, cell } of written) {
    const read = assertionOf(cell, input.variables);
    const warn = (message: string, hint: string | null): void =>
      input.tell({ severity: 'warning', column, message, hint });
    if (read.kind === 'rubric') rubrics.push(read.text);
    else if (read.kind === 'rule') {
      rules.push(read.rule);
      if (read.note !== null) warn(`contains-json ${read.note}`, null);
    } else {
      left.push(cell.trim());
      warn(`promptfoo's "${read.type}" has no rule here: nothing is judged by it`, read.instead);
    }
  }
  if (written.length === 0) return null;
  const joined = rules.length > 1 ? { all: rules } : (rules[0] ?? {});
  return {
    ...joined,
    ...(rubrics.length === 0 ? {} : { judge: rubricOf(rubrics) }),
    ...(left.length === 0 ? {} : { promptfoo: left }),
  };
}

function rubricOf(rubrics: readonly string[]): string {
  return rubrics.length === 1
    ? rubrics[0]!
    : `All of this holds:\n${rubrics.map((one) => `- ${one}`).join('\n')}`;
}

/** Where a field of the scenario stands in the row: for messages. */
export function promptfooPath(header: readonly string[], path: JsonPath): JsonPath {
  const [field, name] = path;
  if (field === 'vars') return [header.find((column) => bare(column) === name) ?? ''];
  if (field === 'expect') return [header.find(isExpected) ?? ''];
  if (field === 'description') return ['__description'];
  if (field === 'category' && !header.includes('category')) return ['__metadata:category'];
  return field === 'tags' ? [header.find((column) => column.startsWith('__metadata:')) ?? ''] : path;
}

export function tellNotes(
  source: ScenarioSource,
  input: {
    readonly notes: readonly PromptfooNote[];
    readonly locate: (column: string) => ReturnType<ScenarioSource['namedAt']>;
  },
): void {
  for (const { severity, column, message, hint } of input.notes)
    source.findings.add(
      source.file,
      () => ({ severity, code: 'promptfoo', message, hint, location: input.locate(column) }),
      message,
    );
}
