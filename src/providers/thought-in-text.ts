// Thinking that a server left in the text, because it does not know how its model marks it: taken apart from what is said. Pure.
import { endingOf } from '../core/ending.ts';
import type { Completion } from '../core/outcome.ts';

type Apart = { readonly text: string; readonly thought: string | null };

/** Only where the marks can be nothing else: at the beginning of a text, or tokens of a template. */
export function apartFromThought(text: string): Apart {
  if (!MARK.test(text)) return { text, thought: null };
  return harmony(text) ?? tagged(text) ?? untagged(text) ?? { text, thought: null };
}

/** Hardly a text has one of them; the others are done here. */
const MARK = /<think>|<\/think>|\[THINK\]|<\|channel\|>/;

/** gpt-oss: channels, of which `final` is the answer. */
function harmony(text: string): Apart | null {
  const at = text.lastIndexOf(FINAL);
  if (at < 0) return null;
  const said = text.slice(at + FINAL.length).replace(/<\|(?:return|end)\|>\s*$/, '');
  return { text: said, thought: text.slice(0, at).replace(/<\|[a-z]{1,20}\|>/g, ' ') };
}

const FINAL = '<|channel|>final<|message|>';

/** Nearly all: `<think>`; Mistral: `[THINK]`. What never ends is thinking as a whole. */
function tagged(text: string): Apart | null {
  const start = text.trimStart();
  const tag = TAGS.find(({ begin }) => start.startsWith(begin));
  if (tag === undefined) return null;
  const end = start.indexOf(tag.end);
  if (end < 0) return { text: '', thought: start.slice(tag.begin.length) };
  return { text: start.slice(end + tag.end.length).trimStart(), thought: start.slice(tag.begin.length, end) };
}

const TAGS = [
  { begin: '<think>', end: '</think>' },
  { begin: '[THINK]', end: '[/THINK]' },
] as const;

/** Qwen, DeepSeek: the prompt begins the thinking, and the model ends it on a line of its own. */
function untagged(text: string): Apart | null {
  const match = /\n<\/think>\s*\n/.exec(text);
  if (match === null || text.includes('<think>')) return null;
  return { text: text.slice(match.index + match[0].length).trimStart(), thought: text.slice(0, match.index) };
}

/**
 * The same for APIs that have places of their own for thinking: thinking alone is the text, and says so, unless it was cut before its
 * first word.
 */
export function spokenApart(
  told: string,
  { finishReason, toolCalls }: Pick<Completion, 'finishReason' | 'toolCalls'>,
): { readonly text: string; readonly textFrom?: string } {
  const { text, thought } = apartFromThought(told);
  if (text !== '' || thought === null || thought.trim() === '' || toolCalls.length > 0) return { text };
  const isWhole = finishReason !== null && endingOf(finishReason).kind === 'whole';
  return isWhole ? { text: thought, textFrom: 'thinking' } : { text };
}
