// What a record says was sent: of a call of ours the order, of a test only what somebody told. Pure.
import type { Order } from '../core/order.ts';
import type { Sent } from '../core/outcome.ts';
import type { ScenarioResult } from '../core/record.ts';

export type Unknown = NonNullable<ScenarioResult['unknown']>[number];

type SentOfRecord = Pick<ScenarioResult, 'input' | 'model' | 'temperature' | 'seed'> & {
  readonly unknown: readonly Unknown[];
};

/**
 * Programs and own code are handed the manifest's settings and the messages: that is what is known, unless they tell
 * otherwise. A test is handed nothing that it must take: what nobody tells of it is not known.
 */
export function sentOf(
  { request, work }: Pick<Order, 'request' | 'work'>,
  told: Sent | undefined,
): SentOfRecord {
  if (work?.harness.kind === 'pytest') return sentByTest(told);
  const messages = told?.messages ?? request.messages;
  return {
    input: {
      prompt: told?.messages || told?.prompt == null ? promptOf(messages) : told.prompt,
      messages:
        told?.prompt != null && told.messages === null ? asked(told) : messages.map((one) => ({ ...one })),
    },
    model: told?.model ?? request.model,
    temperature: isUnsent(told, 'temperature') ? null : (told?.temperature ?? request.temperature),
    seed: isUnsent(told, 'seed') ? null : (told?.seed ?? request.seed),
    unknown: [],
  };
}

export function sentByTest(told: Sent | undefined): SentOfRecord {
  const isKnown: { readonly [name in Unknown]: boolean } = {
    input: told != null && (told.messages !== null || told.prompt !== null),
    model: told?.model != null,
    temperature: told?.temperature != null || isUnsent(told, 'temperature'),
    seed: told?.seed != null || isUnsent(told, 'seed'),
    // Whoever tells all messages tells the system prompt with them, or that there is none.
    system: told?.system != null || told?.messages != null || isUnsent(told, 'system'),
  };
  const messages = told === undefined ? [] : asked(told);
  return {
    input: { prompt: told?.prompt ?? promptOf(messages), messages },
    model: told?.model ?? '',
    temperature: told?.temperature ?? null,
    seed: told?.seed ?? null,
    unknown: (Object.keys(isKnown) as Unknown[]).filter((name) => !isKnown[name]),
  };
}

function asked({ messages, system, prompt }: Sent): ScenarioResult['input']['messages'] {
  if (messages !== null) {
    const hasSystem = messages.some(({ role }) => role === 'system' || role === 'developer');
    const first = system === null || hasSystem ? [] : [{ role: 'system', content: system }];
    return [...first, ...messages.map((one) => ({ ...one }))];
  }
  return [
    ...(system === null ? [] : [{ role: 'system', content: system }]),
    ...(prompt === null ? [] : [{ role: 'user', content: prompt }]),
  ];
}

function isUnsent(told: Sent | undefined, name: Sent['unsent'][number]): boolean {
  return told?.unsent.includes(name) ?? false;
}

/** The last user message as text; content parts that are not text are named by their type. */
function promptOf(messages: readonly { readonly role?: unknown; readonly content?: unknown }[]): string {
  const last = messages.findLast(({ role }) => role === 'user');
  const content = last?.content;
  if (!Array.isArray(content)) return typeof content === 'string' ? content : '';
  return (content as readonly { readonly text?: unknown; readonly type?: unknown }[])
    .map((part) =>
      typeof part.text === 'string' ? part.text : `[${typeof part.type === 'string' ? part.type : 'part'}]`,
    )
    .join('\n');
}
