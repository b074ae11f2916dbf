// Variant x scenario -> the messages that a model is sent. Pure; data is put in once and never read as a template again.
import type { Json, JsonObject } from '../core/json.ts';
import type { ChatMessage, Scenario, Variant } from '../core/manifest.ts';
import { isMediaPart } from '../core/media.ts';
import { fillPlaceholders, placeholdersIn, type Read } from '../core/placeholders.ts';

/** A placeholder that means nothing, as written, and where. */
export type TemplateProblem = {
  readonly placeholder: string;
  readonly name: string;
  readonly offset: number;
};

/** Own code, programs and tests are handed `system` as it is written: they may fill it in a way of their own. */
export type Prompt = Pick<Variant, 'system' | 'template'> & Partial<Pick<Variant, 'harness'>>;

/**
 * The system prompt, if there is one, then the input.
 * Text becomes one user message through the template. Of a conversation the template is applied to the last user
 * message; everything else is passed on as it is. A template of messages: each is filled, and a conversation stands where
 * the message is that reads it.
 * @throws Error where a scenario lacks what the template reads: the manifest room refuses such manifests.
 */
export function renderMessages(input: {
  readonly variant: Prompt;
  readonly scenario: Scenario;
}): readonly ChatMessage[] {
  const { variant, scenario } = input;
  return [...systemMessages(variant, scenario), ...templateMessages(variant, scenario)];
}

function systemMessages(variant: Prompt, scenario: Scenario): readonly ChatMessage[] {
  if (variant.system === null) return [];
  const content = fillsSystem(variant)
    ? fill({ template: variant.system, scenario, input: inputText(scenario) })
    : variant.system;
  return [{ role: 'system', content }];
}

function templateMessages({ template }: Prompt, scenario: Scenario): readonly ChatMessage[] {
  if (typeof template === 'string') return fillText({ template, scenario });
  return template.flatMap((message) => {
    if (typeof scenario.input !== 'string' && readsInput(message)) {
      const text = String(message.content);
      return fillConversation(scenario.input, (input) => fill({ template: text, scenario, input }));
    }
    return [fillMessage({ message, scenario, input: inputText(scenario) })];
  });
}

function fillText(context: {
  readonly template: string;
  readonly scenario: Scenario;
}): readonly ChatMessage[] {
  const { template, scenario } = context;
  const content = (input: string): string => fill({ template, scenario, input });
  if (typeof scenario.input === 'string') return [{ role: 'user', content: content(scenario.input) }];
  return fillConversation(scenario.input, content);
}

/** The manifest room refuses texts that read a conversation. */
function inputText({ input }: Scenario): string {
  return typeof input === 'string' ? input : '';
}

/** Whether `system` is filled: where we send it, and it has placeholders. */
export function fillsSystem({ system, harness = null }: Omit<Prompt, 'template'>): boolean {
  return system !== null && harness === null && placeholdersIn(system, 'template').length > 0;
}

/** Every text of a message but its role: parts, names, arguments of calls. */
export function textsOfMessage(message: ChatMessage): readonly string[] {
  return Object.entries(message).flatMap(([name, value]) =>
    name === 'role' ? [] : textsInside(value ?? null),
  );
}

/** A file's name is no text of a prompt. */
function textsInside(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || isMediaPart(value)) return [];
  return Object.values(value).flatMap((member: Json | undefined) => textsInside(member ?? null));
}

/** In the place of this message a conversation is put. */
export function readsInput(message: ChatMessage): boolean {
  return textsOfMessage(message).some(isReadingInput);
}

function isReadingInput(text: string): boolean {
  return placeholdersIn(text, 'template').some(({ read }) => read?.kind === 'input');
}

/** Why a conversation has no place in a prompt; null = it has one. A text template is one message of a user. */
export function conversationProblem(prompt: Prompt): 'system' | 'none' | 'several' | 'form' | null {
  if (fillsSystem(prompt) && isReadingInput(prompt.system!)) return 'system';
  if (typeof prompt.template === 'string') return null;
  const readers = prompt.template.filter(readsInput);
  if (readers.length !== 1) return readers.length === 0 ? 'none' : 'several';
  const [{ role, content }] = readers as [ChatMessage];
  return role === 'user' && typeof content === 'string' ? null : 'form';
}

/** Placeholders that would be sent as they stand: a typing mistake, not a wish. */
export function templateProblems(template: string): readonly TemplateProblem[] {
  return placeholdersIn(template, 'template').flatMap(({ written, name, offset, read }) =>
    read === null ? [{ placeholder: written, name, offset }] : [],
  );
}

/** Whether a conversation has a user message with text that a template can be applied to. */
export function hasUserText(messages: readonly ChatMessage[]): boolean {
  return userTextIndex(messages) >= 0;
}

type Filling = { readonly template: string; readonly scenario: Scenario; readonly input: string };

function fill({ template, scenario, input }: Filling): string {
  return fillPlaceholders(template, 'template', (read: Read) => {
    switch (read.kind) {
      case 'input':
        return input;
      case 'id':
        return scenario.id;
      case 'category':
        return scenario.category ?? '';
      case 'variable':
        return textOf(scenario, read.name);
      default:
        return undefined;
    }
  });
}

function fillMessage(input: Omit<Filling, 'template'> & { readonly message: ChatMessage }): ChatMessage {
  const { message, ...filling } = input;
  const filled = (value: Json): Json => {
    if (typeof value === 'string') return fill({ ...filling, template: value });
    if (Array.isArray(value)) return value.map(filled);
    if (typeof value !== 'object' || value === null || isMediaPart(value)) return value;
    return filledMembers(value as JsonObject, filled);
  };
  const { role, ...rest } = message;
  // In the order in which they are written: it is sent so, and counts so.
  return Object.fromEntries(
    Object.keys(message).map((name) => [name, name === 'role' ? role : filled((rest[name] ?? null) as Json)]),
  ) as ChatMessage;
}

function filledMembers(value: JsonObject, filled: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filled(member ?? null)]));
}

function textOf(scenario: Scenario, variable: string): string {
  const value = Object.hasOwn(scenario.vars, variable) ? scenario.vars[variable] : undefined;
  if (value === undefined)
    throw new Error(`scenario ${JSON.stringify(scenario.id)} has no variable ${variable}`);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function fillConversation(
  messages: readonly ChatMessage[],
  apply: (text: string) => string,
): readonly ChatMessage[] {
  const index = userTextIndex(messages);
  return messages.map((message, i) => {
    if (i !== index) return message;
    if (typeof message.content === 'string') return { ...message, content: apply(message.content) };
    const parts = message.content ?? [];
    const last = parts.findLastIndex(isTextPart);
    if (last < 0) return { ...message, content: beside(parts, apply('')) };
    return {
      ...message,
      content: parts.map((part, at) => (at === last ? { ...part, text: apply(part.text as string) } : part)),
    };
  });
}

/** Of files alone the prompt stands behind them; one that says nothing is not sent. */
function beside(files: readonly JsonObject[], text: string): readonly JsonObject[] {
  return text === '' ? files : [...files, { type: 'text', text }];
}

function userTextIndex(messages: readonly ChatMessage[]): number {
  const index = messages.findLastIndex((message) => message.role === 'user');
  const content = messages[index]?.content ?? null;
  const takesText = (part: JsonObject): boolean => isTextPart(part) || isMediaPart(part);
  return typeof content === 'string' || content?.some(takesText) ? index : -1;
}

/** Text parts of chat completions (`text`) and of the responses API (`input_text`). */
function isTextPart(part: JsonObject): boolean {
  return (part.type === 'text' || part.type === 'input_text') && typeof part.text === 'string';
}
