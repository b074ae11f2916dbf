// Contents of version 1 -> today's, as a table; and that today's contents are left as they are.
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/core/canonical.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { makePart } from '../../src/core/part.ts';
import { fingerprint } from '../../src/variants/fingerprint.ts';
import {
  inVersion1,
  mayBeOld,
  outgrown,
  type Upgrade,
  upgradeEngine,
  upgradeScenario,
  upgradeVariant,
} from '../../src/variants/upgrade.ts';
import { goldenCases } from '../rig/golden-cases.ts';

const stored = (content: JsonObject, isRedacted = false) => ({ content, isRedacted });
const known = (part: 'variant' | 'scenario' | 'engine', content: JsonObject): Upgrade => ({
  kind: 'known',
  part: makePart(part, content),
});
const SAME: Upgrade = { kind: 'known', part: null };
const ambiguous = (...forgot: Extract<Upgrade, { kind: 'ambiguous' }>['forgot']): Upgrade => ({
  kind: 'ambiguous',
  forgot,
});

const PROMPT = { model: 'm', template: '{{input}}' };
const REASON_FIRST = { properties: { reason: {}, answer: {} } };
const tool = (name: string, more: JsonObject = {}): JsonObject => ({ name, ...more });
const PROGRAM = { kind: 'command', argv: ['say'] };

describe('a variant of version 1', () => {
  it.each<[string, JsonObject, Upgrade]>([
    ['a prompt', PROMPT, SAME],
    ['members of ours in another order', { template: 't', model: 'm' }, SAME],
    ['parameters as canonical JSON has them', { ...PROMPT, params: { a: 1, b: 2 } }, SAME],
    [
      'parameters in another order',
      { ...PROMPT, params: { b: 2, a: 1 } },
      known('variant', { ...PROMPT, params: { b: 2, a: 1 } }),
    ],
    [
      'a response schema whose reason comes first',
      { ...PROMPT, params: REASON_FIRST },
      known('variant', { ...PROMPT, params: REASON_FIRST }),
    ],
    [
      'accents apart',
      { ...PROMPT, system: 'Cafe\u0301' },
      known('variant', { ...PROMPT, system: 'Cafe\u0301' }),
    ],
    ['inputs', { ...PROMPT, inputs: ['d'] }, ambiguous('input-paths')],
    ['prepared files', { ...PROMPT, prepared: ['d'] }, ambiguous('prepared-paths')],
    ['a program with files', { ...PROMPT, harness: { ...PROGRAM, code: 'd' } }, ambiguous('code-paths')],
    ['own code', { ...PROMPT, harness: { kind: 'module', code: 'd' } }, ambiguous('code-paths')],
    ['tests', { ...PROMPT, harness: { kind: 'pytest', variant: 'one' } }, ambiguous('code-paths')],
    [
      'a program without files: it was told the name under which it was drawn',
      { ...PROMPT, harness: PROGRAM },
      known('variant', { ...PROMPT, v: 2, harness: PROGRAM, told: { variant: 'legacy' } }),
    ],
    [
      'results of tools, which no program is told',
      { ...PROMPT, harness: PROGRAM, tools: [tool('a', { result: 1 })], max_turns: 2 },
      known('variant', {
        ...{ ...PROMPT, v: 2, harness: PROGRAM, tools: [tool('a')], max_turns: 2 },
        told: { variant: 'legacy' },
      }),
    ],
    [
      'a server, with tools that are not offered',
      {
        ...PROMPT,
        tools: [tool('b')],
        mcp: { command: ['s'], only: ['a', 'b'], tools: [tool('a'), tool('b'), tool('c')] },
      },
      known('variant', { ...PROMPT, v: 2, tools: [tool('b')], mcp: { command: ['s'], tools: [tool('a')] } }),
    ],
    [
      'a server at an address, of whose query nothing was kept',
      { ...PROMPT, mcp: { url: 'h/p' } },
      ambiguous('query'),
    ],
    ['an import', { imported: { variant: 'b', model: 'a' } }, SAME],
  ])('%s', (_name, content, upgrade) => {
    expect(upgradeVariant(stored(content), 'legacy')).toEqual(upgrade);
  });

  it('is ambiguous where a secret was taken out of what has to be made anew, and only there', () => {
    expect(upgradeVariant(stored({ ...PROMPT, params: { b: 2, a: '[…]' } }, true), 'x')).toEqual(
      ambiguous('order'),
    );
    expect(upgradeVariant(stored({ ...PROMPT, params: { a: '[…]' } }, true), 'x')).toEqual(SAME);
  });
});

describe('a scenario of version 1', () => {
  const LOOP = { ...PROMPT, max_turns: 3, tools: [tool('a')] };
  it.each<[string, JsonObject, JsonObject, Upgrade]>([
    ['an input', PROMPT, { input: 'i' }, SAME],
    [
      'messages in another order',
      PROMPT,
      { input: [{ role: 'user', content: 'i' }] },
      known('scenario', { input: [{ role: 'user', content: 'i' }] }),
    ],
    ['a variable whose members are in order', PROMPT, { vars: { x: { a: 1, b: 2 } } }, SAME],
    ['a result', LOOP, { input: 'i', tool_results: { a: 'r' } }, SAME],
    [
      'a result of a tool that is not offered',
      LOOP,
      { input: 'i', tool_results: { other: 'r' } },
      known('scenario', { input: 'i' }),
    ],
    [
      'a result that reads the id',
      LOOP,
      { input: 'i', tool_results: { a: { said: ['{{id}}'] } } },
      known('scenario', { input: 'i', id: 's', tool_results: { a: { said: ['{{id}}'] } } }),
    ],
    [
      'a result that reads a variable',
      LOOP,
      { input: 'i', tool_results: { a: '{{vars.x}}' } },
      ambiguous('variables'),
    ],
    [
      'a result that reads a variable which the template reads, too',
      LOOP,
      { input: 'i', vars: { x: 1 }, tool_results: { a: '{{vars.x}}' } },
      SAME,
    ],
    ['one variable of a program', { harness: PROGRAM }, { input: 'i', vars: { x: 1 } }, SAME],
    [
      'variables of a program, whose order was lost',
      { harness: PROGRAM },
      { vars: { x: 1, y: 2 } },
      ambiguous('order'),
    ],
  ])('%s', (_name, variant, content, upgrade) => {
    expect(upgradeScenario(stored(content), { variant, id: 's' })).toEqual(upgrade);
  });
});

it('leaves an engine as it is, and knows that nobody has no form', () => {
  expect(upgradeEngine(stored({ type: 'openai', api: 'chat', base_url: 'h' }))).toEqual(SAME);
  expect(upgradeEngine(stored({ type: 'none', api: 'chat' }))).toEqual(SAME);
  expect(upgradeEngine(stored({ type: 'none', api: 'responses' }))).toEqual(
    known('engine', { type: 'none', api: 'chat' }),
  );
});

describe.each(Object.entries(goldenCases()))("today's contents of %s", (_name, [of]) => {
  const { variant, engine, scenarios } = fingerprint(of)[0]!;
  it('are left as they are', () => {
    const upgrades = [
      upgradeVariant(stored(variant.content), of.variants[0]!.name),
      upgradeScenario(stored(scenarios[0]!.content), { variant: variant.content, id: of.scenarios[0]!.id }),
      upgradeEngine(stored(engine.content)),
    ];
    expect(upgrades).toEqual([SAME, SAME, SAME]);
  });
  it('do not have to be looked at', () => {
    expect([variant, engine].map(({ part, content }) => mayBeOld(part, content))).toEqual([false, false]);
  });
  it('in the words of version 1 say nothing that version 1 did not know', () => {
    const words = JSON.stringify(inVersion1('variant', variant.content));
    expect(words).not.toMatch(/"(?:v|told|exact|entry)":/);
  });
});

it('says code in the words of version 1 as version 1 did: sorted digests without paths', () => {
  const content = {
    harness: { kind: 'module', entry: 'a', code: { a: '2', b: '1' } },
    inputs: { x: '4', y: '3' },
  };
  expect(inVersion1('variant', content)).toEqual({
    harness: { kind: 'module', code: digestOf({ files: ['1', '2'] }) },
    inputs: ['3', '4'],
  });
});

describe('a system prompt with placeholders', () => {
  const asked = { model: 'm', template: '{{input}}', system: 'You are {{vars.persona}}.' };
  it('was sent as it stands, and what was drawn with it is drawn again', () => {
    expect(outgrown(asked, { ...asked, system_reads: ['vars.persona'] })).toEqual(['system']);
  });
  it('that was written since then is an edit like another, and so is one without any', () => {
    const plain = { ...asked, system: 'You are a nurse.' };
    expect(outgrown(plain, { ...asked, system_reads: ['vars.persona'] })).toBe(null);
    expect(outgrown(plain, plain)).toBe(null);
    const filled = { ...asked, system_reads: ['vars.persona'] };
    expect(outgrown(filled, filled)).toBe(null);
  });
});
