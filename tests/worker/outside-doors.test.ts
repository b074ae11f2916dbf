// Every door through which JSON of others comes in: whatever it is, it is an answer that a record can be made of, or a
// failure in words. Nothing throws, nothing is left that a digest, a thread or a line of a file cannot take.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseJson } from '../../src/answers/values.ts';
import { canonicalJson } from '../../src/core/canonical.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Completion } from '../../src/core/outcome.ts';
import { isDeeper } from '../../src/core/untrusted-json.ts';
import { readHeader, readSample } from '../../src/exchange/read-inspect.ts';
import { readLine } from '../../src/exchange/read-line.ts';
import { readPromptfoo } from '../../src/exchange/read-promptfoo.ts';
import { readChatCompletion } from '../../src/providers/openai-chat.ts';
import { type BodyReader, readBody } from '../../src/providers/openai-read.ts';
import { readResponse } from '../../src/providers/openai-responses.ts';
import { joinStream } from '../../src/providers/openai-stream.ts';
import type { ClientAnswer } from '../../src/providers/provider.ts';
import { outputDigest } from '../../src/run/record.ts';
import { readJudgement, readVerdict } from '../../src/scoring/judges/verdict.ts';
import { lastJson, readAnswer } from '../../src/worker/programs/program-answer.ts';
import { NO_DEFAULTS, readTold } from '../../src/worker/programs/program-result.ts';
import { makePluginLines, readItemEnd } from '../../src/worker/pytest/plugin-lines.ts';
import { itemAttempt } from '../../src/worker/pytest/pytest-item.ts';
import { HOSTILE, hostileJsonText, isWhole } from '../rig/hostile-json.ts';
import { often } from '../rig/often.ts';

/** What the rest of the house does with an answer: a digest, another thread, a line of a file. */
function keep(completion: Completion): void {
  outputDigest(completion);
  expect(isDeeper(completion, 180)).toBe(false);
  JSON.stringify(structuredClone(completion));
  expect(isWhole(completion)).toBe(true);
  for (const call of completion.toolCalls) canonicalJson(call);
  if (completion.properties) canonicalJson(completion.properties);
}

function keepAnswer(answer: ClientAnswer): void {
  if (answer.kind === 'completion') keep(answer.completion);
  else if (answer.kind === 'failure') expect(answer.failure.message.isWellFormed()).toBe(true);
}

function readChat(text: string, read: BodyReader): void {
  const answer = readBody(Buffer.from(text.toWellFormed()), read);
  if (answer.kind === 'ok') keep(answer.value);
}

const MAPPING = { fields: {}, runsFrom: 1, variant: 'a', known: new Set<string>() };

function keepImported(read: ReturnType<typeof readLine>): void {
  canonicalJson(read);
}

function parsed(text: string): JsonObject {
  const read = parseJson(text);
  return read.kind === 'ok' ? (read.value as JsonObject) : {};
}

const REST = { whyNone: '', empty: 'failed', mayPrint: true } as const;

/** By its name: hands one JSON text in, wherever it may stand. */
const DOORS: { readonly [name: string]: (text: string) => void } = {
  'a chat completion': (x) => {
    readChat(x, readChatCompletion);
    const call = `{"id":${x},"type":${x},"function":{"name":${x},"arguments":${x}}}`;
    const message = `{"role":"assistant","content":[{"type":${x},"text":${x}},${x}],"refusal":${x},"tool_calls":[${call},${x}]}`;
    const usage = `{"prompt_tokens":${x},"completion_tokens":${x},"prompt_tokens_details":${x}}`;
    readChat(
      `{"model":${x},"choices":[{"finish_reason":${x},"message":${message}}],"usage":${usage}}`,
      readChatCompletion,
    );
    readChat(`{"choices":[{"message":{"content":${JSON.stringify(x)}}}],"usage":${x}}`, readChatCompletion);
    readChat(`{"choices":[{"message":${x},"error":${x}}],"error":${x}}`, readChatCompletion);
  },
  'arguments as text': (x) => {
    for (const given of [x, `{"a":${x}}`]) {
      const call = `{"id":"c","function":{"name":"f","arguments":${JSON.stringify(given)}}}`;
      readChat(`{"choices":[{"message":{"tool_calls":[${call}]}}]}`, readChatCompletion);
    }
  },
  'a response': (x) => {
    readChat(`{"output":${x},"status":${x}}`, readResponse);
    const part = `{"type":"output_text","text":${x}}`;
    const items = `{"type":"message","content":[${part},{"type":"refusal","refusal":${x}},${x}]},{"type":"function_call","call_id":${x},"name":${x},"arguments":${x}},${x}`;
    readChat(
      `{"output":[${items}],"status":"completed","incomplete_details":{"reason":${x}},"usage":${x}}`,
      readResponse,
    );
  },
  'a stream': (x) => {
    const delta = `{"content":${x},"tool_calls":[{"index":${x},"id":${x},"function":{"name":${x},"arguments":${x}}},${x}]}`;
    const events = [x, `{"choices":[{"delta":${delta},"finish_reason":${x}}],"usage":${x},"model":${x}}`];
    const joined = joinStream(Buffer.from(events.map((event) => `data: ${event}\n\n`).join('')), null);
    const answer = joined.kind === 'whole' ? readBody(joined.bytes, readChatCompletion) : null;
    if (answer?.kind === 'ok') keep(answer.value);
    joinStream(Buffer.from(`data: {"type":"response.completed","response":${x}}\n\n`), null);
  },
  'a program': (x) => {
    for (const printed of [
      x,
      `{"text":${x}}`,
      `{"error":${x}}`,
      `{"error":{"message":${x},"retryable":${x}}}`,
      `{"text":"t","tool_calls":${x},"messages":${x},"properties":${x},"usage":${x},"finish_reason":${x},"model":${x}}`,
      `{"text":"t","tool_calls":[{"id":${x},"name":"f","arguments":${x}}]}`,
      `{"text":"t","tool_calls":[{"name":"f","arguments":{"a":${x}}},{"function":{"name":"g","arguments":${JSON.stringify(x)}}}]}`,
      `{"text":"t","messages":[{"role":${x}}],"properties":{"a":${x}}}`,
    ]) {
      keepAnswer(readAnswer(lastJson(printed), 'p'));
    }
  },
  'own code': (x) => {
    const value: unknown = JSON.parse(x);
    for (const returned of [
      value,
      { text: 't', properties: { a: value }, toolCalls: [{ name: 'f', arguments: value }] },
    ]) {
      const told = readTold(returned, NO_DEFAULTS);
      if (told.kind === 'ok') keep(told.value);
    }
  },
  'a verdict': (x) => {
    const score = { passAt: 1 } as never;
    for (const printed of [
      x,
      `{"score":${x},"passed":${x},"label":${x},"reason":${x},"details":${x}}`,
      `{"score":1,"details":{"a":${x}},"reason":${x}}`,
    ]) {
      keepAnswer(readAnswer(lastJson(printed), 'p', { score }));
      canonicalJson(readVerdict(JSON.parse(printed), { passAt: 1 }));
      canonicalJson(readJudgement(printed.toWellFormed(), { passAt: 1 }));
      readVerdict(JSON.parse(printed), { passAt: 1, choices: { a: 1 } });
    }
  },
  'a pytest item': (x) => {
    const members = [
      'nodeid',
      'outcome',
      'phase',
      'message',
      'longrepr',
      'record',
      'properties',
      'stdout',
      'stderr',
      'log',
      'reruns',
      'duration_ms',
    ];
    const line = `{${members.map((name) => `"${name}":${x}`).join(',')}}`;
    makePluginLines((told) => {
      const end = readItemEnd(told, 0);
      for (const outcome of ['passed', 'error'] as const) {
        const attempt = itemAttempt({ ...end, outcome }, null, REST);
        keepAnswer(attempt.answer);
        new Date(1e12 - (attempt.tookMs ?? 0)).toISOString();
      }
    })(`${x}\n${line}\n`);
    makePluginLines((told) => {
      const written = { line: told, about: {}, fields: {}, unmapped: [] };
      const end = { ...readItemEnd({}, 0), outcome: 'passed' as const };
      keepAnswer(itemAttempt(end, written, REST).answer);
      keepAnswer(itemAttempt({ ...end, record: told }, written, REST).answer);
    })(
      `{"text":${x},"tool_calls":[{"name":"f","arguments":${x}}],"properties":{"line":${x}}}\n{"text":"t","properties":${x}}\n`,
    );
  },
  'an import of lines': (x) => {
    keepImported(readLine(x, MAPPING));
    const names = [
      'scenario',
      'run',
      'text',
      'tool_calls',
      'messages',
      'usage',
      'error',
      'cost',
      'properties',
      'timestamp',
      'latency_ms',
    ];
    keepImported(readLine(`{${names.map((name) => `"${name}":${x}`).join(',')}}`, MAPPING));
    keepImported(
      readLine(
        `{"scenario":"s","text":${x},"properties":{"a":${x}},"tool_calls":[{"name":"f","arguments":${x}},{"name":"g","arguments":${JSON.stringify(x)}}]}`,
        MAPPING,
      ),
    );
  },
  'an import of Inspect': (x) => {
    const header = readHeader(parsed(`{"eval":{"task":${x},"model":${x},"metadata":${x}}}`), MAPPING);
    const message = `{"content":${x},"tool_calls":${x}}`;
    for (const sample of [
      x,
      `{"id":${x},"epoch":${x},"input":${x},"messages":${x},"attachments":${x},"output":{"choices":[{"message":${message},"stop_reason":${x}}],"usage":${x}},"scores":${x},"model_usage":${x},"error":${x}}`,
    ]) {
      canonicalJson(readSample({ header, sample: parsed(sample), mapping: MAPPING }));
    }
  },
  'an import of promptfoo': (x) => {
    const result = `{"vars":${x},"provider":${x},"prompt":{"raw":${x},"label":${x}},"response":{"output":${x},"tokenUsage":${x}},"testCase":{"description":${x},"metadata":${x}},"score":${x},"namedScores":${x}}`;
    for (const read of readPromptfoo(
      parsed(`{"results":{"results":[${x},${result}],"timestamp":${x}}}`),
      MAPPING,
    )) {
      canonicalJson(read);
    }
  },
};

test('what a program tells as an object keeps the digits that numbers have not', () => {
  const told = (given: string): Completion => {
    const line = `{"text":"t","tool_calls":[{"name":"f","arguments":${given}}],"properties":{"n":9007199254740993,"m":1e999}}`;
    const answer = readAnswer(lastJson(line), 'p');
    if (answer.kind !== 'completion') throw new Error(answer.kind);
    return answer.completion;
  };
  const [one, other] = [told('{"id":9007199254740993}'), told('{"id":9007199254740992}')];
  expect(one.toolCalls).toMatchObject([{ arguments: {}, argumentsText: '{"id":9007199254740993}' }]);
  expect(other.toolCalls).toMatchObject([{ arguments: { id: 9007199254740992 }, argumentsText: null }]);
  expect(one.properties).toEqual({ n: 9007199254740992, m: null });
  expect(outputDigest(one)).not.toBe(outputDigest(other));
  keep(one);
  expect(
    readAnswer(lastJson('{"text":"t","usage":{"input_tokens":9007199254740993,"output_tokens":1}}'), 'p')
      .kind,
  ).toBe('failure');
  // A score that is no number is no absent one, whatever stands beside it.
  for (const score of ['1e999', '-1e999', '9007199254740993']) {
    const judged = readAnswer(lastJson(`{"score":${score},"passed":true}`), 'p', {
      score: { passAt: 1 } as never,
    });
    expect([score, judged.kind]).toEqual([score, 'failure']);
  }
  expect(readVerdict({ score: Number.NaN, passed: true }, { passAt: 1 }).kind).toBe('err');
});

test('lines of the pytest plugin that are none are passed over, wherever they are cut', () => {
  const seen: unknown[] = [];
  const take = makePluginLines((line) => seen.push(line));
  const text = 'nonsense\n{"type":"start"}\nnull\n[1]\n{"half":\n\nNaN\n{"type":"end"}\n{"unfinished"';
  for (const piece of text) take(piece);
  expect(seen).toEqual([{ type: 'start' }, { type: 'end' }]);
});

describe.each(Object.entries(DOORS))('%s', (_, door) => {
  it.each(Object.entries(HOSTILE))('takes %s', (_what, text) => door(text));

  test('takes any other JSON', () => {
    fc.assert(fc.property(hostileJsonText(), door), often(60));
  });
});
