// A row of another tool's file -> the mapping that it likely wants, for the sentence that proposes it.
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { nearest } from '../../core/nearest.ts';

/** What data sets call our fields: Inspect, OpenAI evals, LangSmith, promptfoo, deepeval, and those on hubs. */
const NAMES: { readonly [field: string]: readonly string[] } = {
  id: ['question_id', 'task_id', 'case_id', 'test_id', 'example_id', 'sample_id', 'uuid', 'guid'],
  input: [
    ...['question', 'prompt', 'query', 'instruction', 'problem', 'user_input', 'user_message', 'utterance'],
    ...['messages', 'conversation', 'sentence', 'text'],
  ],
  category: ['subject', 'topic', 'domain'],
  expect: [
    ...['target', 'answer', 'ideal', 'expected', 'expected_output', 'expected_answer', 'reference', 'label'],
    ...['reference_answer', 'reference_output', 'ground_truth', 'gold', 'best_answer', 'solution', 'output'],
    ...[
      'response',
      'completion',
      'reference_outputs',
      'outputs',
      '__expected',
      '__expected1',
      'expected_result',
    ],
  ],
  tools: ['functions', 'function'],
};

/** Our own names, in the order in which a proposal has them. */
const OURS = ['id', 'input', 'category', 'tags', 'description', 'expect', 'tools', 'tool_results'];

/** By field of a scenario, and by variable, the column or path that is likely meant. */
export type GuessedColumns = {
  readonly fields: ReadonlyMap<string, string>;
  readonly vars: ReadonlyMap<string, string>;
  /** Some of it is called otherwise than here. */
  readonly isGuess: boolean;
};

/**
 * null: there is nothing that could be asked.
 * @param isTable of text, where what is no field and no input is what the template reads: a table of variables
 */
export function guessColumns(row: JsonObject, isTable: boolean): GuessedColumns | null {
  const found = columnsOf(row, isTable);
  return found.fields.has('input') || found.vars.size > 0 ? found : null;
}

/** Flow YAML, `{ input: question, expect: target }`; null = no column is known by another name. */
export function guessMap(row: JsonObject, isTable = false): string | null {
  const { fields, vars, isGuess } = columnsOf(row, isTable);
  if (!isGuess) return null;
  const members = [...fields].map(([field, column]) => `${field}: ${flow(column)}`);
  const shown = [...vars].map(([name, column]) => `${flow(name)}: ${flow(column)}`);
  if (shown.length > 0) members.push(`vars: { ${shown.join(', ')} }`);
  return `{ ${members.join(', ')} }`;
}

function columnsOf(row: JsonObject, isTable: boolean): GuessedColumns {
  const columns = Object.keys(row).slice(0, 200);
  const fields = new Map<string, string>();
  let isGuess = false;
  for (const field of OURS) {
    const own = columns.find((column) => column === field);
    const column = own ?? guessOf(field, row, columns);
    if (column === null) continue;
    if (own === undefined) isGuess = true;
    fields.set(field, column);
  }
  const vars = new Map(
    columns.flatMap((column) => (column.startsWith('vars.') ? [[column.slice('vars.'.length), column]] : [])),
  );
  if (isTable && !fields.has('input') && !columns.some(isNear)) {
    if (!columns.includes('category')) fields.delete('category');
    const used = new Set(fields.values());
    for (const column of columns) {
      if (column.trim() === '' || used.has(column) || column.startsWith('vars.')) continue;
      vars.set(column, column);
      isGuess = true;
    }
  }
  return { fields, vars, isGuess };
}

/** One of ours, misspelt, or several that something else than a comma separates: no variable. */
function isNear(column: string): boolean {
  return /[;,|\t]/.test(column) || (!OURS.includes(column) && nearest(column, OURS) !== null);
}

function guessOf(field: string, row: JsonObject, columns: readonly string[]): string | null {
  // LangSmith: what goes in and what comes out are maps, often of one member.
  const holder = field === 'input' ? 'inputs' : field === 'expect' ? 'outputs' : null;
  const held = holder === null ? undefined : row[holder];
  if (isJsonObject(held)) {
    const names = Object.keys(held);
    const name = find(NAMES[field] ?? [], names) ?? names.find((one) => one === field) ?? names[0];
    if (name !== undefined) return `${holder}.${name}`;
  }
  return find(NAMES[field] ?? [], columns);
}

function find(known: readonly string[], columns: readonly string[]): string | null {
  for (const name of known) {
    const column = columns.find((one) => one.toLowerCase().replace(/[\s-]/g, '_') === name);
    if (column !== undefined) return column;
  }
  return null;
}

function flow(text: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(text) ? text : JSON.stringify(text);
}

/** Columns that hold what is expected, by the names that tools have for it: `expect.contains` as well. */
export function expectationColumns(columns: readonly string[]): readonly string[] {
  const known = new Set(NAMES.expect);
  return columns.filter((column) => {
    const name = column.toLowerCase().replace(/[\s-]/g, '_');
    return (
      /^expect(\.|$)/.test(name) || (known.has(name) && !ANSWERS.has(name)) || /^__expected\d*$/.test(name)
    );
  });
}

/** Names of what a model said as often as of what it should say. */
const ANSWERS: ReadonlySet<string> = new Set([
  'output',
  'response',
  'completion',
  'outputs',
  'label',
  'solution',
]);
