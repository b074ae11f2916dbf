// A row of another tool's file -> the mapping that it likely wants, for the sentence that proposes it.
import { isJsonObject, type JsonObject } from '../core/json.ts';

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

/** Flow YAML, `{ input: question, expect: target }`; null = no column is known by another name. */
export function guessMap(row: JsonObject): string | null {
  const columns = Object.keys(row).slice(0, 200);
  const members: string[] = [];
  let isGuess = false;
  for (const field of OURS) {
    const own = columns.find((column) => column === field);
    const guess = own === undefined ? guessOf(field, row, columns) : null;
    if (guess !== null) isGuess = true;
    const column = own ?? guess;
    if (column !== null && column !== undefined) members.push(`${field}: ${flow(column)}`);
  }
  const vars = columns.filter((column) => column.startsWith('vars.'));
  if (vars.length > 0)
    members.push(
      `vars: { ${vars.map((one) => `${flow(one.slice('vars.'.length))}: ${flow(one)}`).join(', ')} }`,
    );
  return isGuess ? `{ ${members.join(', ')} }` : null;
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
