// A data set -> an experiment of it: its columns are guessed by their names, told, and mapped where the file lies.
import path from 'node:path';
import type { Json, JsonObject } from '../../core/json.ts';
import { guessColumns } from '../../manifest/scenarios/guess.ts';
import { isPromptfoo } from '../../manifest/scenarios/promptfoo.ts';
import { CommandError } from '../open/command-error.ts';
import { type Draft, makeNotes } from './draft.ts';
import { manifestText } from './manifest-draft.ts';
import { experimentName } from './names.ts';
import type { TranslateInput } from './promptfoo.ts';
import { readRows } from './rows.ts';
import { textOf } from './source.ts';

/** @throws CommandError where it has no row, or nothing that could be asked */
export async function fromData(input: TranslateInput): Promise<Draft> {
  const { file, folder, cwd } = input;
  const shown = path.relative(cwd, file) || file;
  const { rows, isTable } = await readRows({ file, reach: { cwd } });
  if (rows.length === 0) throw new CommandError(`${shown} holds no row, and nothing was written`);
  const columns = [...new Set(rows.slice(0, LOOKED_AT).flatMap((row) => Object.keys(row)))];
  const notes = makeNotes();
  const isOwn = isTable && isPromptfoo(columns);
  const found = isOwn ? null : guessColumns(sample(rows, columns), isTable);
  if (!isOwn && found === null) throw new CommandError(nothingToAsk(shown, columns));
  const place = placed(file, folder);
  const judged = isOwn ? { expect: null, scorers: [] } : judgedBy(found!.fields.get('expect') ?? null, rows);
  const map = isOwn ? null : mapOf(found!, judged.expect);
  if (place.isCopied) notes.told.push(`${shown} lies elsewhere: a copy of it is ${place.name}`);
  tell({ notes: notes.told, columns, found, judged, shown, isOwn });
  const variables = found === null ? ownVariables(columns) : [...found.vars.keys()];
  const asksVariables = found === null ? !columns.includes('input') : !found.fields.has('input');
  const text = manifestText({
    about: [`Made of ${shown} by: npx expgraph init --from-data`],
    name: experimentName(path.basename(file).replace(/\.[^.]+$/, '')),
    description: null,
    runs: 1,
    scenarios: map === null ? [place.name] : { files: place.name, map },
    variants: new Map<string, JsonObject>([
      ['direct', { system: 'Answer with the answer alone.' }],
      ['thinking', { system: 'Think step by step. Then give the answer in a last sentence.' }],
    ]),
    settings: {
      ...{ provider: 'openai', model: 'gpt-4.1-mini', temperature: 0 },
      ...(asksVariables ? { template: variables.map((name) => `${name}: {{vars.${name}}}`).join('\n') } : {}),
    },
    inputs: [],
    scorers: judged.scorers,
    execution: {},
    accounts: new Map([['openai', { type: 'openai', api_key_env: 'OPENAI_API_KEY' }]]),
    answers: input.answers,
    left: notes.left,
  });
  const files = new Map([['experiment.yaml', text]]);
  if (place.isCopied) files.set(place.name, textOf(file));
  return {
    files,
    reads: place.isCopied ? [] : [place.name],
    told: notes.told,
    left: notes.left,
    types: ['openai'],
    answers: input.answers,
  };
}

const LOOKED_AT = 200;

/** The first value of each column: a row of its own may lack some. */
function sample(rows: readonly JsonObject[], columns: readonly string[]): JsonObject {
  const first = rows.slice(0, LOOKED_AT);
  return Object.fromEntries(
    columns.map((name) => [
      name,
      first.find((row) => row[name] !== undefined && row[name] !== null)?.[name] ?? null,
    ]),
  );
}

/** Of a table of promptfoo. */
function ownVariables(columns: readonly string[]): readonly string[] {
  return columns
    .filter((name) => !name.startsWith('__') && !['id', 'input', 'category'].includes(name))
    .map((name) => name.replace(/^vars\./, ''));
}

/** Where the manifest reads it: where it lies, or a copy where that is not below the folder. */
function placed(file: string, folder: string): { readonly name: string; readonly isCopied: boolean } {
  const name = path.relative(folder, file).replaceAll('\\', '/');
  const isBelow = !name.startsWith('../') && !path.isAbsolute(name);
  return isBelow ? { name, isCopied: false } : { name: `data/${path.basename(file)}`, isCopied: true };
}

type Guess = NonNullable<ReturnType<typeof guessColumns>>;
type Judged = {
  readonly expect: { readonly rule: string; readonly column: string } | null;
  readonly scorers: readonly Json[];
};

/** A number is one, a short text is in the answer, a long one is what a judge compares with. */
function judgedBy(column: string | null, rows: readonly JsonObject[]): Judged {
  if (column === null || column === 'expect' || column.startsWith('expect.'))
    return { expect: null, scorers: [] };
  const values = rows.slice(0, LOOKED_AT).flatMap((row) => valueAt(row, column) ?? []);
  const isNumber = (value: Json): boolean =>
    typeof value === 'number' || (typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value.trim()));
  if (values.length > 0 && values.every(isNumber))
    return { expect: { rule: 'numeric', column }, scorers: ['numeric'] };
  const isShort = values.every((value) =>
    typeof value === 'string' ? value.length <= 80 : typeof value !== 'object' || Array.isArray(value),
  );
  if (isShort) return { expect: { rule: 'contains', column }, scorers: ['contains'] };
  return {
    expect: { rule: 'judge', column },
    scorers: [{ judge: { choices: { good: 1, fair: 0.5, poor: 0 } } }],
  };
}

function valueAt(row: JsonObject, column: string): Json | undefined {
  if (row[column] !== undefined) return row[column];
  return column
    .split('.')
    .reduce<Json | undefined>(
      (held, step) => (typeof held === 'object' && held !== null ? (held as JsonObject)[step] : undefined),
      row,
    );
}

function mapOf({ fields, vars }: Guess, expect: Judged['expect']): JsonObject {
  const members = [...fields].map(([field, column]): readonly [string, Json] =>
    field === 'expect' && expect !== null ? ['expect', { [expect.rule]: expect.column }] : [field, column],
  );
  return { ...Object.fromEntries(members), ...(vars.size === 0 ? {} : { vars: Object.fromEntries(vars) }) };
}

function tell(input: {
  readonly notes: string[];
  readonly columns: readonly string[];
  readonly found: Guess | null;
  readonly judged: Judged;
  readonly shown: string;
  readonly isOwn: boolean;
}): void {
  const { notes, columns, found, judged, shown, isOwn } = input;
  if (isOwn || found === null) {
    notes.push(
      `${shown} is a table of promptfoo: __expected is what is expected, every other column a variable`,
    );
    return;
  }
  const { fields, vars } = found;
  const said = [...fields].map(
    ([field, column]) =>
      `${field} = ${column}${field === 'expect' && judged.expect !== null ? ` (${judged.expect.rule})` : ''}`,
  );
  const variables = [...vars.values()];
  notes.push(
    `Columns, by their names: ${[...said, ...(variables.length === 0 ? [] : [`variables = ${variables.join(', ')}`])].join('; ')}. Otherwise: edit map: in experiment.yaml`,
  );
  const used = new Set([...fields.values(), ...vars.values()].map((column) => column.split('.')[0]));
  const rest = columns.filter((column) => column !== '' && !used.has(column));
  if (rest.length > 0)
    notes.push(
      `Left alone: ${rest.slice(0, 20).join(', ')}${rest.length > 20 ? ', ...' : ''}; a template reads a column as a variable: map: { vars: { ${JSON.stringify(rest[0])}: ${JSON.stringify(rest[0])} } }`,
    );
  if (!fields.has('expect'))
    notes.push(
      'No column looks like what is expected, so nothing is judged: expect: under map:, and a scorer',
    );
}

function nothingToAsk(shown: string, columns: readonly string[]): string {
  return `no column of ${shown} looks like something to ask (question, prompt, input, ...), and nothing was written; its columns: ${columns.slice(0, 20).join(', ')}`;
}
