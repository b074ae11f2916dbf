// The source of an Inspect task -> the task, as far as it is written out. It is read as text: nothing is imported or run.
import path from 'node:path';
import type { Json, JsonObject } from '../../core/json.ts';
import { CommandError } from '../open/command-error.ts';
import { isCount } from './draft.ts';
import { readDataset } from './inspect-dataset.ts';
import type { InspectPart, InspectTask } from './inspect-task.ts';
import { rowOf } from './names.ts';
import { followed, type PythonFile, placer } from './python-file.ts';
import { type Call, callsOf, type Expression } from './python-text.ts';

const READ = new Set(['dataset', 'solver', 'plan', 'scorer', 'epochs', 'config', 'model', 'name']);
const WHY: { readonly [name: string]: string | undefined } = {
  metrics: 'tables have means and shares, compare has intervals and tests',
  sandbox: 'what a task does in a container is a program of yours: command: [...]',
  setup: 'programs that run before the tasks are prepare:',
  approval: 'calls of tools are not approved one by one',
  message_limit: 'calls of a loop are bounded by max_turns',
  token_limit: 'answers are bounded by max_output_tokens, money by budget_usd',
  time_limit: 'an attempt is bounded by execution.timeout',
};

/** @param wanted the name behind the `@` of `file.py@task`; null = the first */
export async function readTaskSource(python: PythonFile, wanted: string | null): Promise<InspectTask> {
  const { source, shown, notes } = python;
  const tasks = callsOf(source, new Set(['Task'])).map((call) => ({
    call,
    name: functionAround(source, call.offset),
  }));
  const chosen = wanted === null ? tasks[0] : tasks.find(({ name }) => name === wanted);
  if (chosen === undefined) {
    const names = tasks.flatMap(({ name }) => name ?? []);
    if (wanted !== null && names.length > 0)
      throw new CommandError(`${shown} has no task ${wanted}; it has: ${names.join(', ')}`);
    throw new CommandError(`${shown} holds no Task(...) of Inspect`);
  }
  const at = placer(python);
  const { call, name } = chosen;
  for (const other of tasks.filter((one) => one !== chosen))
    notes.left.push({
      place: at(other.call),
      what: `task ${other.name ?? ''}`,
      why: `a task is an experiment: npx expgraph init ANOTHER-FOLDER --from-inspect ${shown}@${other.name ?? 'NAME'}`,
    });
  for (const [argument, value] of call.named)
    if (!READ.has(argument))
      notes.left.push({
        place: at(value),
        what: `Task ${argument}`,
        why: rowOf(WHY, argument) ?? 'it is not known here',
      });
  const held = (argument: string): Expression | null =>
    followed(python, call.named.get(argument) ?? null, call.offset);
  const dataset = held('dataset') ?? followed(python, call.positional[0] ?? null, call.offset);
  if (dataset === null)
    throw new CommandError(`${at(call)}: the task names no dataset that is written out here`);
  return {
    name: name ?? path.basename(shown, '.py'),
    samples: await readDataset(python, dataset, at),
    steps: parts(python, held('solver') ?? held('plan'), 'solver'),
    scorers: parts(python, held('scorer'), 'scorer'),
    epochs: epochsOf(held('epochs')),
    model: modelOf(held('model')),
    config: configOf(held('config')),
    place: at(call),
  };
}

function functionAround(source: string, offset: number): string | null {
  return (
    [...source.slice(0, offset).matchAll(/^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(/gm)].at(-1)?.[1] ??
    null
  );
}

function parts(python: PythonFile, expression: Expression | null, what: string): readonly InspectPart[] {
  if (expression === null) return [];
  const at = placer(python);
  const list = expression.kind === 'list' ? expression.items : [expression];
  return list.flatMap((written) => {
    const one = followed(python, written, written.offset);
    if (one?.kind === 'call' && /^(?:chain|Plan)$/.test(one.name))
      return one.positional.flatMap((inner) => parts(python, inner, what));
    if (one?.kind === 'list') return parts(python, one, what);
    if (one?.kind === 'call') return [partOf(python, one)];
    python.notes.left.push({
      place: at(written),
      what: `${what} ${written.kind === 'name' ? written.name : written.kind === 'code' ? written.text : ''}`.trim(),
      why: 'it would have to be run',
    });
    return [];
  });
}

function partOf(python: PythonFile, call: Call): InspectPart {
  const options: [string, Json][] = [];
  const unread: string[] = [];
  const take = (name: string, written: Expression): void => {
    const value = followed(python, written, call.offset);
    const model = value === null ? null : modelOf(value);
    if (value?.kind === 'value') options.push([name, value.value]);
    else if (name === 'model' && model !== null) options.push([name, model]);
    else unread.push(name);
  };
  for (const [i, one] of call.positional.entries()) take(String(i), one);
  for (const [name, one] of call.named) take(name, one);
  return { name: call.name, options: Object.fromEntries(options), unread, place: placer(python)(call) };
}

function epochsOf(expression: Expression | null): number {
  const value =
    expression?.kind === 'call' && expression.name === 'Epochs'
      ? (expression.positional[0] ?? expression.named.get('epochs') ?? null)
      : expression;
  return value?.kind === 'value' && isCount(value.value) ? value.value : 1;
}

/** `"openai/gpt-5"` or `get_model("openai/gpt-5")`. */
function modelOf(expression: Expression | null): string | null {
  const value =
    expression?.kind === 'call' && expression.name === 'get_model' ? expression.positional[0] : expression;
  return value?.kind === 'value' && typeof value.value === 'string' ? value.value : null;
}

function configOf(expression: Expression | null): JsonObject {
  if (expression?.kind !== 'call') return {};
  return Object.fromEntries(
    [...expression.named].flatMap(([name, one]) =>
      one.kind === 'value' && one.value !== null ? [[name, one.value] as const] : [],
    ),
  );
}
