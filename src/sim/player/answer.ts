// Plays a model where no answers file speaks for it: a pure function from a request and a run to an answer that is valid,
// and means nothing. It takes the tool that shares most words with the message and fills in its arguments by their schema.
import { type Draw, drawOf, pick } from '../wire/dice.ts';
import type { OfferedTool, Prompt, Reply } from '../wire/prompt.ts';
import { fillArguments } from './fill.ts';

/** The same for the same request and run; at temperature 0 for every run and seed. */
export function answer(prompt: Prompt, run: number): Reply {
  const draw = drawOf(prompt, run);
  const message = prompt.turns.findLast(({ role }) => role === 'user')?.text ?? '';
  const filling = { text: subjectOf(message), extra: draw.stray };
  if (prompt.answerSchema)
    return say(JSON.stringify(fillArguments(prompt.answerSchema, { ...filling, extra: null })));
  const isForced = prompt.toolChoice.kind === 'named' || prompt.toolChoice.kind === 'required';
  if (prompt.turns.at(-1)?.role === 'tool' && !isForced) return say(worded(CLOSINGS, draw));
  const tool = toolFor(prompt, message);
  if (tool === undefined) return say(worded(SIMULATED, draw));
  return { text: '', calls: [{ name: tool.name, arguments: fillArguments(tool.parameters, filling) }] };
}

/** What stands before an answer where thinking is asked for. */
export function thoughtOf(prompt: Prompt, run: number): string {
  const { usual, stray } = drawOf(prompt, run);
  const message = prompt.turns.findLast(({ role }) => role === 'user')?.text ?? '';
  const begun = prompt.turns.at(-1)?.role === 'tool' ? 'There is a result now.' : 'This is asked:';
  return `${begun} ${subjectOf(message)} ${pick(THOUGHTS, stray ?? usual)}`.trim();
}

const THOUGHTS = [
  'I am a simulation, so I only pretend to think about it.',
  'A model would weigh it here; I go by rules.',
  'Nothing has to be thought about to go by rules.',
];

function say(text: string): Reply {
  return { text, calls: [] };
}

function worded(sentences: readonly string[], { usual, stray }: Draw): string {
  return pick(sentences, stray ?? usual);
}

const SIMULATED = [
  'This is a simulated answer: a real model would answer here.',
  'I am a simulation and no model, so I have no answer of my own to this.',
  'As a simulation I can only say that I was asked.',
];

const CLOSINGS = ['Done.', 'That is done.', 'All set.'];

function toolFor({ tools, toolChoice }: Prompt, message: string): OfferedTool | undefined {
  if (toolChoice.kind === 'none') return undefined;
  if (toolChoice.kind === 'named') return tools.find(({ name }) => name === toolChoice.name);
  const said = wordsOf(message);
  const shared = (text: string): number => [...wordsOf(text)].filter((word) => said.has(word)).length;
  // A word of the name says more than one of the description; of equals the first that is offered.
  const scores = tools.map(({ name, description }) => 5 * shared(name) + shared(description));
  return tools[scores.indexOf(Math.max(...scores))];
}

/** What a person types fits; a pasted book must not cost time. */
const MAX_CHARS_READ = 2_000;

/** create_calendarEvent -> create, calendar, event. */
function wordsOf(text: string): Set<string> {
  const apart = text.slice(0, MAX_CHARS_READ).replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
  return new Set(apart.toLowerCase().match(/\p{L}{3,}/gu) ?? []);
}

/** The beginning of the last line that holds a word: what free text of a call is filled with. */
function subjectOf(message: string): string {
  const lines = message.slice(0, MAX_CHARS_READ).split('\n');
  const line = lines.findLast((one) => /[\p{L}\p{N}]/u.test(one)) ?? '';
  return line.trim().slice(0, 60).toWellFormed();
}
