// What an experiment is made of that comes from Inspect: a task as its source or its log tells it.
import type { Json, JsonObject } from '../../core/json.ts';

export type InspectTask = {
  readonly name: string;
  readonly samples: readonly InspectSample[];
  readonly steps: readonly InspectPart[];
  readonly scorers: readonly InspectPart[];
  /** How often each sample is drawn. */
  readonly epochs: number;
  /** `openai/gpt-5`, as Inspect names models; null = it is said when the task is started. */
  readonly model: string | null;
  /** As GenerateConfig has them: temperature, max_tokens, top_p, ... */
  readonly config: JsonObject;
  readonly place: string;
};

export type InspectSample = {
  readonly id: string | null;
  readonly input: string | readonly JsonObject[];
  /** One of them is enough. */
  readonly targets: readonly string[];
  readonly choices: readonly string[];
  readonly metadata: JsonObject;
  readonly place: string;
};

/** A solver or a scorer, with the arguments that are written out. */
export type InspectPart = {
  /** Without the package. */
  readonly name: string;
  /** By position, as `0`, `1`, and by name. */
  readonly options: JsonObject;
  /** Arguments that would have to be run, by name. */
  readonly unread: readonly string[];
  readonly place: string;
};

/** What Inspect calls a model where none is asked. */
export function isNoModel(name: string): boolean {
  return /^(?:none|mockllm)\//.test(name);
}

export function targetsOf(value: Json | undefined): readonly string[] {
  const list = Array.isArray(value) ? (value as readonly Json[]) : [value ?? ''];
  return list
    .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
    .filter((text) => text !== '');
}

/** Texts and numbers are ids. */
export function idOf(value: Json | undefined): string | null {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? String(value) : null;
}

/** null: it has parts that are no text. */
export function inputOf(value: Json | undefined): InspectSample['input'] | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value) || value.length === 0) return null;
  const messages: JsonObject[] = [];
  for (const one of value as readonly Json[]) {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return null;
    const { role, content } = one as JsonObject;
    const text = textIn(content);
    if (typeof role !== 'string' || text === null) return null;
    messages.push({ role, content: text });
  }
  return messages;
}

function textIn(content: Json | undefined): string | null {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  const texts = (content as readonly Json[]).map((part) =>
    typeof part === 'object' && part !== null && (part as JsonObject).type === 'text'
      ? (part as JsonObject).text
      : null,
  );
  return texts.every((text) => typeof text === 'string') ? texts.join('\n') : null;
}
