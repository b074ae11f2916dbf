// Solvers of Inspect -> the settings of a variant: what is put around the input, and what is asked for.
import type { Json, JsonObject } from '../../core/json.ts';
import type { Notes } from './draft.ts';
import type { InspectPart, InspectSample, InspectTask } from './inspect-task.ts';
import { rowOf } from './names.ts';

export type InspectVariant = {
  readonly settings: JsonObject;
  /** Variables that the template reads beside the metadata. */
  readonly varsOf: (sample: InspectSample) => JsonObject;
};

type Setting = { [name: string]: Json };

export function inspectVariant(task: InspectTask, notes: Notes): InspectVariant {
  const settings: Setting = {};
  let isChoice = false;
  for (const step of task.steps) {
    if (step.name === 'multiple_choice') isChoice = true;
    take(step, settings, notes);
  }
  for (const [name, value] of Object.entries(task.config))
    takeConfig({ name, value: value ?? null, place: task.place }, settings, notes);
  const hasChoices = task.samples.some(({ choices }) => choices.length > 0);
  if (hasChoices && !isChoice)
    notes.told.push('Choices of samples are variables: {{vars.choices}} in a template puts them in');
  return {
    settings,
    varsOf: ({ choices }) =>
      choices.length === 0
        ? {}
        : {
            choices: choices.map((one, i) => `${letter(i)}) ${one}`).join('\n'),
            letters: choices.map((_, i) => letter(i)).join(', '),
          },
  };
}

function letter(index: number): string {
  return String.fromCharCode(65 + (index % 26));
}

/** In words of ours: the form of the answer is what its scorer looks for. */
const CHOICE =
  'Choose the right answer. Think first if you need to; the last line of what you say is "ANSWER: LETTER", where LETTER is one of {{vars.letters}}.\n\n{{input}}\n\n{{vars.choices}}';
const STEPS =
  '{{input}}\n\nThink step by step first. The last line of what you say is "ANSWER: " and the answer alone.';

function take({ name, options, unread, place }: InspectPart, settings: Setting, notes: Notes): void {
  const leave = (what: string, why: string): void => void notes.left.push({ place, what, why });
  for (const one of unread) leave(`solver ${name}: ${one}`, 'it would have to be run');
  const text = options.template ?? options['0'];
  switch (name) {
    case 'generate':
      for (const [option, value] of Object.entries(options))
        takeConfig({ name: option, value: value ?? null, place }, settings, notes);
      return;
    case 'system_message':
      if (typeof text === 'string') settings.system = after(settings.system, braces(text));
      else leave('solver system_message', 'its text would have to be run');
      return;
    case 'prompt_template':
    case 'user_message':
      if (typeof text !== 'string') leave(`solver ${name}`, 'its text would have to be run');
      else if (name === 'user_message')
        settings.template = after(settings.template ?? '{{input}}', braces(text));
      else settings.template = around(settings.template, braces(text));
      return;
    case 'multiple_choice':
      settings.template = CHOICE;
      if (options.template !== undefined)
        leave(
          'solver multiple_choice: template',
          'write it as template: of the variant, with {{vars.choices}} and {{vars.letters}}',
        );
      notes.told.push(
        'multiple_choice: the choices are put into the template in words of ours; the answer is looked for as "ANSWER: B", as there',
      );
      return;
    case 'chain_of_thought':
      settings.template = STEPS;
      notes.told.push('chain_of_thought: the template says it in words of ours');
      return;
    case 'use_tools':
      leave(
        'solver use_tools',
        'tools in Python are no data: tools: with their schemas, and results by own code (docs/variants.md)',
      );
      return;
    case '':
      return;
    default:
      leave(
        `solver ${name}`,
        'it is code: an agent of your own is use: ./agent.ts or command: [...] (docs/variants.md)',
      );
  }
}

/** A message more stands below what is there. */
function after(there: Json | undefined, text: string): string {
  return typeof there === 'string' ? `${there}\n\n${text}` : text;
}

/** A second template is given the prompt as the first has made it. */
function around(there: Json | undefined, template: string): string {
  return typeof there === 'string' ? template.replaceAll('{{input}}', () => there) : template;
}

/** `{prompt}` is the input, any other name a variable; doubled braces are one. */
function braces(text: string): string {
  return text.replace(/\{\{|\}\}|\{(\w+)\}/g, (whole, name?: string) =>
    name === undefined
      ? whole[0]!
      : name === 'prompt' || name === 'question'
        ? '{{input}}'
        : `{{vars.${name}}}`,
  );
}

function takeConfig(
  { name, value, place }: { readonly name: string; readonly value: Json; readonly place: string },
  settings: Setting,
  notes: Notes,
): void {
  // What Inspect writes into every log of generate(): calls of tools go on until there are none.
  if (value === null || (name === 'tool_calls' && value === 'loop')) return;
  if (name === 'temperature' && typeof value === 'number') settings.temperature = value;
  else if (name === 'max_tokens' && typeof value === 'number') settings.max_output_tokens = value;
  else if (PARAMS.has(name))
    settings.params = { ...(settings.params as JsonObject | undefined), [name]: value };
  else
    notes.left.push({ place, what: `config ${name}`, why: rowOf(ELSEWHERE, name) ?? 'it is not known here' });
}

/** As the OpenAI wire calls them. */
const PARAMS: ReadonlySet<string> = new Set([
  'top_p',
  'frequency_penalty',
  'presence_penalty',
  'logprobs',
  'top_logprobs',
  'reasoning_effort',
]);

const ELSEWHERE: { readonly [name: string]: string | undefined } = {
  max_connections: 'limits stand with the account: limits: { concurrency: 8 }',
  max_retries: 'it is execution.retries',
  timeout: 'it is execution.timeout',
  attempt_timeout: 'it is execution.timeout',
  seed: 'it is seed: of the experiment, and each run gets one of its own',
  stop_seqs: 'it is params: { stop: [...] }',
  cache: 'answers are always kept',
  tool_calls: 'calls of a loop are bounded by max_turns',
  system_message: 'it is system: of the variant',
};
