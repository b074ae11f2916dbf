// Variant x scenario -> the messages that a model is sent. Pure; data is put in once and never read as a template again.
import type { JsonObject } from '../core/json.ts';
import type { ChatMessage, Scenario, Variant } from '../core/manifest.ts';
import { fillPlaceholders, placeholdersIn, type Read } from '../core/placeholders.ts';

/** A placeholder that means nothing, as written, and where. */
export type TemplateProblem = {
  readonly placeholder: string;
  readonly name: string;
  readonly offset: number;
};

/**
 * The system prompt, if there is one, then the input.
 * Text becomes one user message through the template. Of a conversation the template is applied to the last user
 * message; everything else is passed on as it is.
 * @throws Error where a scenario lacks what the template reads: the manifest room refuses such manifests.
 */
export function renderMessages(input: {
  readonly variant: Pick<Variant, 'system' | 'template'>;
  readonly scenario: Scenario;
}): readonly ChatMessage[] {
  const { variant, scenario } = input;
  const system: ChatMessage[] = variant.system === null ? [] : [{ role: 'system', content: variant.system }];
  if (typeof scenario.input === 'string') {
    const content = fill({ template: variant.template, scenario, input: scenario.input });
    return [...system, { role: 'user', content }];
  }
  return [
    ...system,
    ...fillConversation(scenario.input, (text) =>
      fill({ template: variant.template, scenario, input: text }),
    ),
  ];
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
    return {
      ...message,
      content: parts.map((part, at) => (at === last ? { ...part, text: apply(part.text as string) } : part)),
    };
  });
}

function userTextIndex(messages: readonly ChatMessage[]): number {
  const index = messages.findLastIndex((message) => message.role === 'user');
  const content = messages[index]?.content ?? null;
  return typeof content === 'string' || content?.some(isTextPart) ? index : -1;
}

/** Text parts of chat completions (`text`) and of the responses API (`input_text`). */
function isTextPart(part: JsonObject): boolean {
  return (part.type === 'text' || part.type === 'input_text') && typeof part.text === 'string';
}
