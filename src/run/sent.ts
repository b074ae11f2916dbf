// What a record says was sent: of a call of ours the order, of a test only what was reported of it. Pure.
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
  reported: Sent | undefined,
): SentOfRecord {
  if (work?.harness.kind === 'pytest') return sentByTest(reported);
  const messages = reported?.messages ?? request.messages;
  return {
    input: {
      prompt: reported?.messages || reported?.prompt == null ? promptOf(messages) : reported.prompt,
      messages:
        reported?.prompt != null && reported.messages === null
          ? asked(reported)
          : messages.map((one) => ({ ...one })),
    },
    model: reported?.model ?? request.model,
    temperature: isUnsent(reported, 'temperature') ? null : (reported?.temperature ?? request.temperature),
    seed: isUnsent(reported, 'seed') ? null : (reported?.seed ?? request.seed),
    unknown: [],
  };
}

export function sentByTest(reported: Sent | undefined): SentOfRecord {
  const isKnown: { readonly [name in Unknown]: boolean } = {
    input: reported != null && (reported.messages !== null || reported.prompt !== null),
    model: reported?.model != null,
    temperature: reported?.temperature != null || isUnsent(reported, 'temperature'),
    seed: reported?.seed != null || isUnsent(reported, 'seed'),
    // All messages hold the system prompt as well, or show that there is none.
    system: reported?.system != null || reported?.messages != null || isUnsent(reported, 'system'),
  };
  const messages = reported === undefined ? [] : asked(reported);
  return {
    input: { prompt: reported?.prompt ?? promptOf(messages), messages },
    model: reported?.model ?? '',
    temperature: reported?.temperature ?? null,
    seed: reported?.seed ?? null,
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

function isUnsent(reported: Sent | undefined, name: Sent['unsent'][number]): boolean {
  return reported?.unsent.includes(name) ?? false;
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
