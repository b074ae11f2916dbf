// What a message says: a text, parts of which some are text, or, in JSON mode of some servers, the JSON itself. Each form that a
// documented API has; what is none of them is said so, never "". Pure.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { readText } from './openai-read.ts';
import { apartFromThought } from './thought-in-text.ts';

export type Content = {
  /** null = no text is there: no content, or parts of other kinds alone. */
  readonly text: string | null;
  readonly refusal: string | null;
  /** What was thought before, where it came among the parts. */
  readonly thought: string | null;
  /** What it is, where it is none of the forms: to be read after "the content". */
  readonly odd: string | null;
};

const NOTHING: Content = { text: null, refusal: null, thought: null, odd: null };

export function readContent(content: Json | undefined): Content {
  // The ordinary form first: nearly every answer ends here.
  if (typeof content === 'string') return { ...NOTHING, ...apartFromThought(content.toWellFormed()) };
  if (content === undefined || content === null) return NOTHING;
  if (Array.isArray(content)) return readList(content as readonly Json[]);
  if (isJsonObject(content) && kindOf(content) !== 'other') return readParts([content]);
  // Workers AI and others parse what JSON mode made.
  return { ...NOTHING, text: jsonText(content) };
}

function readList(items: readonly Json[]): Content {
  const parts = items.map(partOf).filter((part) => part !== null);
  if (parts.length === items.length) return readParts(parts);
  // What stands among parts and is none says nothing; a list without any is what JSON mode made.
  const isOfParts = items.some((item) => isJsonObject(item) && typeof item.type === 'string');
  return isOfParts ? readParts(parts) : { ...NOTHING, text: jsonText(items) };
}

/** A part has a type; a text may stand for itself, or in an object that holds nothing else. */
function partOf(item: Json): JsonObject | null {
  if (typeof item === 'string') return { type: 'text', text: item };
  if (!isJsonObject(item)) return null;
  if (typeof item.type === 'string') return item;
  const isText = typeof item.text === 'string' && Object.keys(item).every((name) => BESIDE_TEXT.has(name));
  return isText ? { ...item, type: 'text' } : null;
}

const BESIDE_TEXT = new Set(['text', 'annotations', 'index', 'logprobs']);

function readParts(parts: readonly JsonObject[]): Content {
  const texts: string[] = [];
  const refusals: string[] = [];
  const thoughts: string[] = [];
  const others = new Set<string>();
  for (const part of parts) {
    const said = textOf(part);
    switch (kindOf(part)) {
      case 'text':
        if (said === null) others.add('text without a text');
        else texts.push(said);
        break;
      case 'refusal':
        refusals.push(readText(part.refusal) ?? said ?? '');
        break;
      case 'thought':
        thoughts.push(said ?? thoughtOf(part));
        break;
      default:
        others.add(String(part.type).slice(0, 40));
    }
  }
  const isOdd = texts.length === 0 && refusals.length === 0 && others.size > 0;
  const apart = texts.length === 0 ? null : apartFromThought(texts.join(''));
  if (apart !== null && apart.thought !== null) thoughts.push(apart.thought);
  return {
    text: apart?.text ?? null,
    refusal: refusals.length === 0 ? null : refusals.join('\n'),
    thought: thoughts.length === 0 ? null : thoughts.join(''),
    odd: isOdd ? `has parts of these kinds and no text: ${[...others].slice(0, 5).join(', ')}` : null,
  };
}

function kindOf({ type }: JsonObject): 'text' | 'refusal' | 'thought' | 'other' {
  switch (type) {
    case 'text':
    case 'output_text':
    case 'input_text':
      return 'text';
    case 'refusal':
      return 'refusal';
    case 'thinking':
    case 'reasoning':
    case 'reasoning_text':
    case 'redacted_thinking':
      return 'thought';
    default:
      return 'other';
  }
}

/** `{"text": {"value"}}` is the form of assistants. */
function textOf({ text }: JsonObject): string | null {
  return readText(isJsonObject(text) ? text.value : text);
}

/** Mistral: a list of parts; Anthropic: text; the responses API: parts. A summary is no answer. */
function thoughtOf(part: JsonObject): string {
  const inner = part.thinking ?? part.reasoning ?? part.content;
  if (typeof inner === 'string') return inner.toWellFormed();
  if (!Array.isArray(inner)) return '';
  return inner.map((one: Json) => (isJsonObject(one) ? (textOf(one) ?? '') : (readText(one) ?? ''))).join('');
}

/** Names under which servers put what was thought beside the content. */
const THOUGHTS = ['reasoning_content', 'reasoning', 'thinking', 'reasoning_text'] as const;
/** The same as lists of parts: OpenRouter's and MiniMax's, LiteLLM's. A summary is no answer. */
const THOUGHT_PARTS = ['reasoning_details', 'thinking_blocks'] as const;

/** Where a message holds what was thought, and what it is; null = nowhere. */
export function readThought(
  message: JsonObject,
  content: Content,
): { readonly from: string; readonly text: string } | null {
  for (const from of THOUGHTS) {
    const text = readText(message[from]);
    if (text !== null && text.trim() !== '') return { from, text };
  }
  for (const from of THOUGHT_PARTS) {
    const text = partsOf(message[from]).map(textOfThought).join('');
    if (text.trim() !== '') return { from, text };
  }
  const { thought } = content;
  return thought === null || thought.trim() === '' ? null : { from: 'thinking', text: thought };
}

function partsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function textOfThought(part: JsonObject): string {
  return readText(part.text) ?? readText(part.thinking) ?? '';
}

/** Its depth is bounded where the body was parsed; a long number is written as it came. */
function jsonText(value: Json): string {
  return JSON.stringify(value).toWellFormed();
}
