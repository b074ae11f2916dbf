import { expect, test } from 'vitest';
import { makeFaults } from '../../src/sim/server/faults.ts';
import { handClock } from '../rig/clock.ts';
import { asked, chatRequest, DENTIST, quick, started } from './client.ts';

test('answerBytes is the median length of the text; the same question gets the same answer', async () => {
  await using sim = await started({ settings: quick({ answerBytes: 2000 }) });
  const lengths: number[] = [];
  for (let i = 0; i < 101; i++) {
    const { text } = await asked(sim, chatRequest(`What is the capital of country ${i}?`));
    lengths.push(JSON.parse(text).choices[0].message.content.length);
  }
  lengths.sort((a, b) => a - b);
  expect(lengths[50]).toBeGreaterThan(1800);
  expect(lengths[50]).toBeLessThan(2200);
  expect(lengths[0]).not.toBe(lengths[100]);
  const [one, two] = [await asked(sim, chatRequest(DENTIST)), await asked(sim, chatRequest(DENTIST))];
  expect(JSON.parse(one.text).choices).toEqual(JSON.parse(two.text).choices);
});

test('a long answer keeps to the limit of output tokens and says that it was cut', async () => {
  await using sim = await started({ settings: quick({ answerBytes: 1_000_000 }) });
  const { text } = await asked(sim, { ...chatRequest('Hello there'), max_completion_tokens: 100 });
  const { choices, usage } = JSON.parse(text);
  expect(choices[0].finish_reason).toBe('length');
  expect(usage.completion_tokens).toBeLessThanOrEqual(100);
  expect(choices[0].message.content.length).toBeLessThanOrEqual(400);
});

test('hugeRate: a text of hugeBytes in valid JSON, on both APIs', async () => {
  await using sim = await started({ settings: quick({ hugeRate: 1, hugeBytes: 5_000_000 }) });
  const chat = await asked(sim, chatRequest(DENTIST));
  expect(JSON.parse(chat.text).choices[0].message.content.length).toBeGreaterThanOrEqual(5_000_000);
  expect(Number(chat.headers.get('content-length'))).toBe(chat.text.length);
  const response = await asked(sim, { model: 'sim-small', input: DENTIST }, 'responses');
  const texts = JSON.parse(response.text).output.flatMap((item: { content?: { text: string }[] }) =>
    (item.content ?? []).map(({ text }) => text),
  );
  expect(texts.join('').length).toBeGreaterThanOrEqual(5_000_000);
  await expect.poll(() => sim.stats().huge).toBe(2);
  expect(sim.stats()).toMatchObject({ answered: 0, output_tokens: 2_500_000 });
});

test('invalidUtf8Rate: the JSON is whole but for bytes that no decoder takes', async () => {
  await using sim = await started({ settings: quick({ invalidUtf8Rate: 1 }) });
  const { bytes } = await asked(sim, chatRequest(DENTIST));
  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow(TypeError);
  expect(JSON.parse(new TextDecoder().decode(bytes)).object).toBe('chat.completion');
  expect(sim.stats()).toMatchObject({ requests: 1, garbled: 1, answered: 0 });
});

test('dripRate: a byte every dripMs, and the whole answer in the end', async () => {
  const clock = handClock();
  await using sim = await started({ settings: quick({ dripRate: 1, dripMs: 1000 }), clock });
  const response = await fetch(`${sim.url}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify(chatRequest(DENTIST)),
  });
  const reader = response.body!.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('{');
  await clock.advance(1000);
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('"');
  expect(sim.stats()).toMatchObject({ dripped: 1, in_flight: 1 });
  await reader.cancel();
  await expect.poll(() => sim.stats().in_flight).toBe(0);
  expect(clock.pending()).toBe(0);
});

test('a request keeps its fault when rates are added behind those that struck it', () => {
  const rolled = (settings: Parameters<typeof quick>[0]) => {
    const next = makeFaults(
      quick({ errorRate: 0.2, halfJsonRate: 0.2, latencyMs: 50, seed: 9, ...settings }),
    );
    return Array.from({ length: 200 }, () => next());
  };
  const before = rolled({});
  const after = rolled({ dripRate: 0.1, invalidUtf8Rate: 0.1, hugeRate: 0.1 });
  const struck = before.filter(({ fault }) => fault !== null);
  expect(after.filter(({ fault }) => fault === 'error' || fault === 'halved')).toEqual(struck);
  expect(after.map(({ delayMs }) => delayMs)).toEqual(before.map(({ delayMs }) => delayMs));
  expect(new Set(after.map(({ fault }) => fault))).toEqual(
    new Set([null, 'error', 'halved', 'dripped', 'garbled', 'huge']),
  );
});
