// A simulation that is told what to answer, as clients of both APIs see it.
import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { PlayedScript } from '../../src/core/played.ts';
import { playedAddress } from '../../src/core/played-by.ts';
import { scriptedTurn } from '../../src/sim/player/scripted.ts';
import { chatRequest, clientOf, DENTIST, started } from './client.ts';
import { PAIRS, promptOf } from './sample.ts';

const say = (text: string) => ({ kind: 'say', text, calls: [] }) as const;
const call = (city: string) => ({ name: 'weather', arguments: { city } });

const SCRIPTS: readonly PlayedScript[] = [
  [[say('first run')], [say('all others')]],
  [[{ kind: 'say', text: 'I look.', calls: [call('Oslo'), call('Bergen')] }, say('Rain.')]],
  [[{ kind: 'error', status: 418, message: 'no tea' }]],
  [[{ kind: 'say', text: null, calls: [call('Oslo')] }]],
];

async function at(script: number, answered = 0) {
  const sim = await started({ scripts: SCRIPTS });
  return { sim, client: clientOf(playedAddress(sim.url, { script, answered })) };
}

const ask = (client: OpenAI, headers = {}) =>
  client.chat.completions.create(chatRequest(DENTIST), { headers });

const LIKELY: PlayedScript = {
  likely: [
    { weight: 1, run: [{ kind: 'error', status: 418, message: 'seldom' }] },
    { weight: 6, run: [{ kind: 'say', text: null, calls: [call('Oslo')] }, say('Oslo it is.')] },
    { weight: 3, run: [{ kind: 'say', text: null, calls: [call('Bergen')] }, say('Bergen it is.')] },
  ],
};

describe('what is likely', () => {
  /** How often each of a thousand draws begins with what. */
  function counts(temperature: number): { readonly [first: string]: number } {
    const prompt = promptOf(PAIRS[0]!, { temperature });
    const seen: { [first: string]: number } = {};
    for (let run = 1; run <= 1000; run++) {
      const turn = scriptedTurn({ turns: LIKELY, answered: 0 }, prompt, run)!;
      const first = turn.kind === 'error' ? 'error' : String(turn.calls[0]!.arguments.city);
      seen[first] = (seen[first] ?? 0) + 1;
    }
    return seen;
  }

  it('is the heaviest at temperature 0, drawn by weight at 1, and in between at 0.2', () => {
    expect(counts(0)).toEqual({ Oslo: 1000 });
    const [low, high] = [counts(0.2), counts(1)];
    expect(
      [high.error! / 1000, high.Oslo! / 1000, high.Bergen! / 1000].map((share) => Math.round(share * 10)),
    ).toEqual([1, 6, 3]);
    // A fifth of the draws stray, and six tenths of these come back to the heaviest.
    expect(low.Oslo! / 1000).toBeGreaterThan(0.89);
    expect(low.Oslo! / 1000).toBeLessThan(0.95);
    expect(low.Bergen!).toBeGreaterThan(low.error!);
  });

  it('is drawn once for a conversation: later turns go on with what was begun', () => {
    const script = { turns: LIKELY, answered: 0 };
    const begun = new Set<string>();
    for (let run = 1; run <= 50; run++) {
      const prompt = promptOf(PAIRS[0]!, { temperature: 1 });
      const first = scriptedTurn(script, prompt, run)!;
      if (first.kind === 'error') continue;
      const city = String(first.calls[0]!.arguments.city);
      const more = [
        { role: 'assistant', text: `calls ${city}` },
        { role: 'tool', text: `result ${run}` },
      ] as const;
      const next = scriptedTurn(script, { ...prompt, turns: [...prompt.turns, ...more] }, run);
      expect(next).toEqual(say(`${city} it is.`));
      begun.add(city);
    }
    expect(begun.size).toBe(2);
  });
});

it('says what it is told, run by run, and the last of it to all further runs', async () => {
  const { sim, client } = await at(0);
  await using _ = sim;
  const texts: unknown[] = [];
  for (const run of ['1', '2', '7']) {
    const { choices, system_fingerprint } = await ask(client, { 'x-expgraph-run': run });
    texts.push(choices[0]!.message.content);
    expect(system_fingerprint).toBe('expgraph-sim');
  }
  expect(texts).toEqual(['first run', 'all others', 'all others']);
});

it('plays by its own rules at its plain address, and where no such script is there', async () => {
  const { sim } = await at(0);
  await using _ = sim;
  expect((await ask(clientOf(sim.url))).choices[0]!.message.content).not.toBe('first run');
  await expect(ask(clientOf(playedAddress(sim.url, { script: 99, answered: 0 })))).rejects.toMatchObject({
    status: 404,
  });
});

describe('a conversation', () => {
  it('over chat has two calls and a text, then goes on with the next turn', async () => {
    const { sim, client } = await at(1);
    await using _ = sim;
    const request = chatRequest(DENTIST);
    const { message, finish_reason } = (await client.chat.completions.create(request)).choices[0]!;
    expect([message.content, finish_reason]).toEqual(['I look.', 'tool_calls']);
    const calls = message.tool_calls as OpenAI.ChatCompletionMessageFunctionToolCall[];
    expect(calls.map((one) => JSON.parse(one.function.arguments))).toEqual([
      { city: 'Oslo' },
      { city: 'Bergen' },
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
    const told = calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'rain' }) as const);
    const next = await client.chat.completions.create({
      ...request,
      messages: [...request.messages, message, ...told],
    });
    expect(next.choices[0]!.message.content).toBe('Rain.');
  });

  it('over responses does the same', async () => {
    const { sim, client } = await at(1);
    await using _ = sim;
    const first = await client.responses.create({ model: 'sim-small', input: DENTIST });
    expect(first.output.map(({ type }) => type)).toEqual(['message', 'function_call', 'function_call']);
    expect(first.output_text).toBe('I look.');
    const results = first.output.flatMap((item) =>
      item.type === 'function_call'
        ? [{ type: 'function_call_output', call_id: item.call_id, output: 'rain' } as const]
        : [],
    );
    const next = await client.responses.create({
      model: 'sim-small',
      input: [
        { role: 'user', content: DENTIST },
        ...(first.output as OpenAI.Responses.ResponseInputItem[]),
        ...results,
      ],
    });
    expect(next.output_text).toBe('Rain.');
  });

  it('that begins with an answer is counted from there', async () => {
    const { sim, client } = await at(1, 1);
    await using _ = sim;
    const messages = [
      { role: 'user', content: 'hello' },
      { role: 'assistant', content: 'hi' },
      { role: 'user', content: 'rain?' },
    ] as const;
    const { choices } = await client.chat.completions.create({ model: 'm', messages: [...messages] });
    expect(choices[0]!.message.content).toBe('I look.');
  });

  it('whose script ends with a call goes on by the rules', async () => {
    const { sim, client } = await at(3);
    await using _ = sim;
    const request = chatRequest(DENTIST);
    const { message } = (await client.chat.completions.create(request)).choices[0]!;
    expect(message.content).toBeNull();
    const { id } = message.tool_calls![0]!;
    const next = await client.chat.completions.create({
      ...request,
      messages: [...request.messages, message, { role: 'tool', tool_call_id: id, content: 'done' }],
    });
    expect(next.choices[0]!.message.content).toMatch(/\w/);
  });
});

it('fails with the status that it is told', async () => {
  const { sim, client } = await at(2);
  await using _ = sim;
  await expect(ask(client)).rejects.toMatchObject({
    status: 418,
    message: expect.stringContaining('no tea'),
  });
});
