// A conversation in the AI SDK's form, as each reader of records shows it: thoughts apart, calls with their arguments, results
// by the names of their tools, and nothing of the form itself.
import { expect, test } from 'vitest';
import type { ChatMessage } from '../../src/core/chat.ts';
import { chatForm, spoken } from '../../src/core/chat-form.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { turnsOf } from '../../src/page/parts/turns.ts';
import { drawText } from '../../src/report/document/transcript.ts';
import { conversationOf } from '../../src/report/records/conversation.ts';
import { showCard } from '../../src/review/cards.ts';
import { record } from '../report/data.ts';

const SIGNED = { anthropic: { signature: 'c2lnbmVk' } };

const SAID: readonly JsonObject[] = [
  {
    role: 'assistant',
    content: [
      { type: 'reasoning', text: 'I had better look.', providerOptions: SIGNED },
      { type: 'text', text: 'One moment.' },
      { type: 'tool-call', toolCallId: 't1', toolName: 'find_item', input: { item: 'tea' } },
      { type: 'tool-call', toolCallId: 't2', toolName: 'find_item', input: { item: 'cups' } },
    ],
  },
  {
    role: 'tool',
    content: [
      { type: 'tool-result', toolCallId: 't1', toolName: 'find_item', output: { type: 'text', value: '12' } },
      {
        type: 'tool-result',
        toolCallId: 't2',
        toolName: 'find_item',
        output: { type: 'json', value: { left: 3 } },
      },
    ],
  },
  {
    role: 'assistant',
    content: [
      { type: 'reasoning', text: '', providerOptions: { anthropic: { redactedData: 'eHl6' } } },
      { type: 'text', text: 'There are 12.' },
    ],
  },
];

test('it is the form of chat completions, a result a message, and what is no such message stays', () => {
  expect(SAID.flatMap(chatForm)).toEqual([
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'I had better look.' },
        { type: 'text', text: 'One moment.' },
      ],
      tool_calls: [
        { id: 't1', type: 'function', function: { name: 'find_item', arguments: '{"item":"tea"}' } },
        { id: 't2', type: 'function', function: { name: 'find_item', arguments: '{"item":"cups"}' } },
      ],
    },
    { role: 'tool', tool_call_id: 't1', name: 'find_item', content: '12' },
    { role: 'tool', tool_call_id: 't2', name: 'find_item', content: '{"left":3}' },
    { role: 'assistant', content: [{ type: 'redacted_thinking' }, { type: 'text', text: 'There are 12.' }] },
  ]);
  const others: readonly JsonObject[] = [
    { role: 'user', content: 'Hello?' },
    { role: 'user', content: [{ type: 'text', text: 'Hello?' }] },
    { role: 'assistant', content: null, tool_calls: [] },
    { type: 'function_call', name: 'a', arguments: '{}' },
  ];
  expect(others.flatMap(chatForm)).toEqual(others);
  expect(spoken(others)).toEqual(others);
});

const CALLS = [
  { id: 't1', name: 'find_item', arguments: { item: 'tea' } },
  { id: 't2', name: 'find_item', arguments: { item: 'cups' } },
];

test('show tells it turn by turn, and the answer once', () => {
  const output = { text: 'There are 12.', tool_calls: CALLS, messages: [...SAID], finish_reason: 'end_turn' };
  const { messages, calls } = conversationOf(record({ output }));
  expect(messages.slice(-5)).toEqual([
    { title: 'assistant thinks', lines: ['I had better look.'] },
    {
      title: 'assistant',
      lines: ['One moment.', '→ find_item', '    item: tea', '→ find_item', '    item: cups'],
    },
    { title: 'find_item answers', lines: ['12'] },
    { title: 'find_item answers', lines: ['left: 3'] },
    { title: 'assistant thinks', lines: ['(in words that only its provider can read)'] },
  ]);
  expect(calls).toEqual([]);
});

test('the page tells it the same way', () => {
  expect(turnsOf(SAID as unknown as readonly ChatMessage[]).map(({ title, text }) => [title, text])).toEqual([
    ['assistant thinks', 'I had better look.'],
    ['assistant', 'One moment.'],
    ['find_item answers', '12'],
    ['find_item answers', 'left: 3'],
    ['assistant thinks', '(in words that only its provider can read)'],
    ['assistant', 'There are 12.'],
  ]);
});

test('a report has it in lines', () => {
  const draw = { mark: 'passed', text: 'There are 12.', toolCalls: CALLS, turns: SAID };
  const text = drawText(draw as unknown as Parameters<typeof drawText>[0]);
  expect(text).toContain('[assistant thinks]\nI had better look.');
  expect(text).toContain('[tool]\n12');
  expect(text).not.toContain('c2lnbmVk');
  expect(text).not.toContain('toolCallId');
});

test('a card of a blind review hides the names of tools in it, and what was thought', () => {
  const draw = {
    ...{ variant: 'plain', scenario: 'S1', run: 1, key: 'k', generation: 1, answer: 'a', servedModel: null },
    text: 'find_item says 12.',
    toolCalls: CALLS,
    turns: SAID as unknown as readonly ChatMessage[],
  };
  const scenario = {
    ...{
      id: 'S1',
      category: null,
      description: null,
      input: [{ role: 'user' as const, content: 'How much?' }],
    },
    ...{ tools: new Map(), intents: new Map() },
  };
  const answers = [{ scenario: 'S1', answer: 'a', draws: [draw] }];
  const { content } = showCard({ scenario, answers }, { mask: ['tools'], arms: [], tools: ['find_item'] });
  const shown = JSON.stringify(content);
  for (const hidden of ['find_item', 'I had better look', 'c2lnbmVk', 't1', 'reasoning'])
    expect(shown).not.toContain(hidden);
  expect(content.answers[0]!.turns).toEqual([
    {
      role: 'assistant',
      content: 'One moment.',
      tool_calls: [
        { name: 'tool A', arguments: { item: 'tea' } },
        { name: 'tool A', arguments: { item: 'cups' } },
      ],
    },
    { role: 'tool', content: '12' },
    { role: 'tool', content: '{"left":3}' },
    { role: 'assistant', content: 'There are 12.' },
  ]);
});
