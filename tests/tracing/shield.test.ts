// What leaves an attempt: no secret anywhere in a span, texts of a bounded length, payloads as far as the user lets them.
import { describe, expect, test } from 'vitest';
import type { Shield, Span } from '../../src/core/trace.ts';
import { shieldedValues, shieldSpans } from '../../src/tracing/spans/shield.ts';
import { loadShield } from '../../src/tracing/spans/shield-settings.ts';

const SHIELD: Shield = {
  secretNames: ['CUSTOM'],
  rules: [],
  inputs: 'full',
  outputs: 'full',
  metadata: 'full',
  maxChars: 1000,
};
const ENV = {
  OPENAI_API_KEY: 'sk-canary-0123456789',
  CUSTOM: 'plain-but-named-1',
  HARMLESS: 'harmless-value-1',
};

const SPAN: Span = {
  id: '01a206b0-7511-71f8-ad95-efd162eb44a2',
  trace_id: '01a206b0-7511-71f8-ad95-efd162eb44a2',
  dotted_order: '20261123T043557329001Z01a206b0-7511-71f8-ad95-efd162eb44a2',
  name: 'span',
  run_type: 'chain',
  start_time: '2026-11-23T04:35:57.329Z',
  end_time: '2026-11-23T04:35:57.547Z',
  inputs: {},
  extra: { metadata: {} },
};

async function shielded(span: Partial<Span>, shield: Partial<Shield> = {}): Promise<Span> {
  const settings = await loadShield({ env: ENV, shield: { ...SHIELD, ...shield } });
  return (JSON.parse(shieldSpans([{ ...SPAN, ...span }], settings)) as Span[])[0]!;
}

describe('secrets', () => {
  test('are taken out of every member of a span, names of members included', async () => {
    const secret = `x ${ENV.OPENAI_API_KEY} ${ENV.CUSTOM}`;
    const span = await shielded({
      name: secret,
      inputs: { [secret]: [secret] },
      outputs: { deep: { deeper: secret } },
      error: secret,
      extra: { metadata: { note: secret } },
      tags: [secret],
      events: [{ name: 'token', kwargs: { text: secret } }],
    });
    const text = JSON.stringify(span);
    expect(text).not.toContain(ENV.OPENAI_API_KEY);
    expect(text).not.toContain(ENV.CUSTOM);
    expect(span.error).toBe('x [redacted:OPENAI_API_KEY] [redacted:CUSTOM]');
  });

  test('of well-known shapes are found without anybody naming them', async () => {
    const key = `sk-ant-${'a'.repeat(40)}`;
    const span = await shielded({ inputs: { text: `my key is ${key}, keep it` } });
    expect(span.inputs).toEqual({ text: 'my key is [SECRET_DETECTED], keep it' });
  });

  test('what is no secret stays', async () => {
    const span = await shielded({ inputs: { text: ENV.HARMLESS } });
    expect(span.inputs).toEqual({ text: ENV.HARMLESS });
  });
});

test('rules of the user replace what they match, and leave ids and times alone', async () => {
  const rules = [{ pattern: '\\d{4}', replace: '####' }];
  const span = await shielded({ inputs: { text: 'call 5550 now' } }, { rules });
  expect(span.inputs).toEqual({ text: 'call #### now' });
  expect(span.dotted_order).toBe(SPAN.dotted_order);
  expect(span.start_time).toBe(SPAN.start_time);
});

test('long texts keep both ends and say what is missing', async () => {
  const span = await shielded({ inputs: { text: `${'a'.repeat(5000)}z` } }, { maxChars: 100 });
  const { text } = span.inputs as { text: string };
  expect(text).toMatch(/^a{50}\n\[expgraph: 4901 characters left out; the record holds all\]\na{49}z$/);
});

test('inputs and outputs are sent in full, as a digest, or not at all; numbers of tokens stay', async () => {
  const content = {
    inputs: { a: 1 },
    outputs: { b: 2, usage_metadata: { input_tokens: 3 } },
    events: [{ name: 'x' }],
  };
  expect(await shielded(content)).toMatchObject(content);
  const none = await shielded(content, { inputs: 'none', outputs: 'none' });
  expect(none).toMatchObject({ inputs: {}, outputs: { usage_metadata: { input_tokens: 3 } } });
  expect(JSON.stringify(none.outputs)).not.toContain('"b"');
  expect(none.events).toBeUndefined();
  const hash = await shielded(content, { inputs: 'hash', outputs: 'hash' });
  expect(hash.inputs).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test('where redaction fails the payloads are left out, and nothing is sent as it is', async () => {
  const settings = await loadShield({ env: ENV, shield: SHIELD });
  const broken = {
    ...settings,
    redact: () => {
      throw new RangeError('no');
    },
  };
  const [span] = JSON.parse(
    shieldSpans([{ ...SPAN, inputs: { text: 'secret' }, error: 'secret' }], broken),
  ) as Span[];
  expect(JSON.stringify(span)).not.toContain('secret');
  expect(span).toMatchObject({
    id: SPAN.id,
    inputs: {},
    extra: { metadata: { expgraph_note: expect.stringContaining('redaction failed') } },
  });
});

test('values beside traces are shielded alike', async () => {
  const values = shieldedValues(await loadShield({ env: ENV, shield: { ...SHIELD, inputs: 'none' } }));
  expect(values.inputs({ a: 1 })).toEqual({});
  expect(values.outputs({ a: ENV.CUSTOM })).toEqual({ a: '[redacted:CUSTOM]' });
  expect(values.text(ENV.CUSTOM)).toBe('[redacted:CUSTOM]');
});

test('the quick look agrees with the thorough one, wherever in a trace a secret stands', async () => {
  const settings = await loadShield({ env: ENV, shield: SHIELD });
  // A rule that is not local makes every trace be looked at text by text.
  const never = { pattern: /^\b\B$/gu, replace: '', isLocal: false };
  const thorough = { ...settings, rules: [...settings.rules, never] };
  const found = [
    `sk-ant-${'a'.repeat(40)}`,
    `AKIA${'B'.repeat(16)}`,
    'password = hunter2222',
    'api_key: "0123456789"',
    'https://user:secret@host/',
    `ghp_${'c'.repeat(36)}`,
    ENV.OPENAI_API_KEY,
    'nothing at all',
    'token',
    'x'.repeat(1001),
  ];
  for (const text of found) {
    for (const place of [
      { name: text },
      { inputs: { a: [text] } },
      { outputs: { [text]: 1 } },
      { error: `a ${text}` },
      { tags: [text] },
    ]) {
      const spans = [
        { ...SPAN, ...place },
        { ...SPAN, inputs: { other: 'text' } },
      ];
      expect(JSON.parse(shieldSpans(spans, settings))).toEqual(JSON.parse(shieldSpans(spans, thorough)));
    }
  }
});
