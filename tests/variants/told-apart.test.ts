// What version 1 of keys took for one thing, and is two: found by somebody who paid, or did not, for the difference.
import { describe, expect, it } from 'vitest';
import type { CodeFile, Harness } from '../../src/core/harness.ts';
import { formDifferences } from '../../src/core/part.ts';
import type { Scorer } from '../../src/core/scoring.ts';
import { explainChange } from '../../src/planner/explain.ts';
import { sampleKey } from '../../src/planner/key.ts';
import { scorerPart } from '../../src/scoring/content.ts';
import { differenceSentence, differencesOf } from '../../src/variants/differences.ts';
import { fingerprint } from '../../src/variants/fingerprint.ts';
import { load } from '../manifest/folder.ts';
import { manifest, VARIANT } from '../rig/manifests.ts';

type Of = Parameters<typeof manifest>[0];

function keyOf(of: Of): string {
  const { variant, engine, scenarios } = fingerprint(manifest(of))[0]!;
  return sampleKey({ variant: variant.digest, engine: engine.digest, scenario: scenarios[0]!.digest }, 1);
}

const A = { path: 'own/a.ts', digest: '1' };
const B = { path: 'own/b.ts', digest: '2' };
const module = (file: string, ...files: readonly CodeFile[]): Of => ({
  variant: { harness: { kind: 'module', file, code: { files, packages: [] } } },
});
const COMMAND: Harness = {
  ...{ kind: 'command', argv: ['say'], protocol: 'once', env: { set: {}, pass: [] } },
  ...{ processes: 1, inFlight: 1, code: { files: [], packages: [] } },
};

describe('two arms are two', () => {
  it('where a program is told their names', () => {
    const named = (name: string): string => keyOf({ variant: { name, harness: COMMAND } });
    expect(named('legacy')).not.toBe(named('applike'));
  });
  it('and one where nobody is told them', () => {
    const named = (name: string): string => keyOf({ variant: { name } });
    expect(named('legacy')).toBe(named('applike'));
  });
  it('where they send a header that chooses a model, and one where they send any other', () => {
    const sent = (headers: { readonly [name: string]: string }, keyHeaders: readonly string[] = []): string =>
      keyOf({ provider: { headers, keyHeaders } });
    expect(sent({ 'x-portkey-config': 'a' })).not.toBe(sent({ 'x-portkey-config': 'b' }));
    expect(sent({ 'x-portkey-config': 'a' })).toBe(sent({ 'X-PORTKEY-Config': 'a', 'x-team': 'b' }));
    expect(sent({ 'x-my-model': 'a' })).toBe(sent({}));
    expect(sent({ 'x-my-model': 'a' }, ['x-my-model'])).not.toBe(sent({ 'x-my-model': 'b' }, ['x-my-model']));
    expect(sent({}, ['x-my-model'])).toBe(sent({}));
  });
});

describe('files', () => {
  it('that are swapped are another code', () => {
    const swapped = [
      { ...A, digest: B.digest },
      { ...B, digest: A.digest },
    ];
    expect(keyOf(module('own/a.ts', A, B))).not.toBe(keyOf(module('own/a.ts', ...swapped)));
  });
  it('that import each other are two codes, by the one that is begun with', () => {
    expect(keyOf(module('own/a.ts', A, B))).not.toBe(keyOf(module('own/b.ts', A, B)));
  });
  it('that are moved as a whole are the same code', () => {
    const moved = [A, B].map((file) => ({ ...file, path: `elsewhere/${file.path}` }));
    expect(keyOf(module('own/a.ts', A, B))).toBe(keyOf(module('elsewhere/own/a.ts', ...moved)));
    const above = { path: 'lib/c.ts', digest: '3' };
    const aboveMoved = { path: 'elsewhere/lib/c.ts', digest: '3' };
    expect(keyOf(module('own/a.ts', A, above))).toBe(
      keyOf(module('elsewhere/own/a.ts', { ...A, path: 'elsewhere/own/a.ts' }, aboveMoved)),
    );
  });
  it('of inputs that are swapped are other inputs', () => {
    const inputs = (x: string, y: string): string =>
      keyOf({
        more: {
          inputs: [
            { path: 'x', digest: x },
            { path: 'y', digest: y },
          ],
        },
      });
    expect(inputs('1', '2')).not.toBe(inputs('2', '1'));
  });
});

describe('a scorer', () => {
  const scope = { scenario: [], category: [], tag: [] };
  const scorer = (kind: 'code' | 'command', name: string): Scorer =>
    kind === 'code'
      ? {
          ...{ kind, name, slug: name, passAt: 1, scope, options: {} },
          harness: { kind: 'module', file: 's.ts', code: { files: [A], packages: [] } },
        }
      : { ...{ kind, name, slug: name, passAt: 1, scope, options: {} }, harness: COMMAND };
  it('that is a program is told its name, and one of own code is not', () => {
    const digest = (kind: 'code' | 'command', name: string): string => scorerPart(scorer(kind, name)).digest;
    expect(digest('command', 'one')).not.toBe(digest('command', 'other'));
    expect(digest('code', 'one')).toBe(digest('code', 'other'));
  });
});

describe('results of tools', () => {
  const loop = (result: string, vars: { readonly [name: string]: string }, id = 's'): string =>
    keyOf({
      variant: { maxTurns: 3 },
      scenario: { id, vars: { place: 'Leeds', ...vars }, toolResults: { list_tasks: { deep: [result] } } },
    });
  it('count with the variables that they read, and with no other', () => {
    expect(loop('{{vars.x}}', { x: '1' })).not.toBe(loop('{{vars.x}}', { x: '2' }));
    expect(loop('{{vars.x}}', { x: '1', y: '1' })).toBe(loop('{{vars.x}}', { x: '1', y: '2' }));
  });
  it('count with the id, if they read it', () => {
    expect(loop('{{id}}', {}, 'a')).not.toBe(loop('{{id}}', {}, 'b'));
    expect(loop('id', {}, 'a')).toBe(loop('id', {}, 'b'));
  });
  it('of a tool that is not offered reach nobody', () => {
    const other = (result: string): string =>
      keyOf({ variant: { maxTurns: 3 }, scenario: { toolResults: { elsewhere: result } } });
    expect(other('a')).toBe(other('{{vars.unread}}'));
  });
});

describe('a difference of order', () => {
  const asks = (...names: readonly string[]) => ({
    ...VARIANT,
    params: { schema: { properties: Object.fromEntries(names.map((name) => [name, {}])) } },
  });
  const [reason, answer] = [asks('reason', 'answer'), asks('answer', 'reason')];

  it('is told in words where arms are compared', () => {
    const { providers } = manifest();
    const found = differencesOf({ from: reason, to: answer, providers });
    expect(found.map(({ path }) => path)).toEqual(['params.schema.properties.(order of members)']);
    expect(differenceSentence(found[0]!, { from: 'a', to: 'b' })).toBe(
      'a has ["reason","answer"], b ["answer","reason"]',
    );
  });
  it('is told in words where an edit is explained, and once', () => {
    const parts = [reason, answer].map((variant) => fingerprint(manifest({ variant }))[0]!);
    const contents = new Map(parts.map(({ variant }) => [variant.digest, variant.content]));
    const digests = parts.map(({ variant, engine, scenarios }) => ({
      ...{ variant: variant.digest, engine: engine.digest, scenario: scenarios[0]!.digest },
    }));
    expect(
      explainChange({ from: digests[0]!, to: digests[1]!, content: (digest) => contents.get(digest) }),
    ).toEqual([
      {
        part: 'variant.params.schema.properties.(order of members)',
        ...{ from: ['reason', 'answer'], to: ['answer', 'reason'] },
      },
    ]);
  });
  it('of our own members, or of members that come and go, is none', () => {
    expect(formDifferences('', { a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([]);
    expect(formDifferences('', { params: { a: 1, b: 2 } }, { params: { b: 2 } })).toEqual([]);
  });
});

describe('a placeholder', () => {
  const yaml = (template: string, more = ''): { [name: string]: string } => ({
    'experiment.yaml': `version: 1\nname: x\nprovider: sim\nscenarios: [s.yaml]\ntemplate: "${template}"\nvariants:\n  a: {${more}}\n`,
    's.yaml': '- { id: s, input: i, vars: { place: Leeds } }\n',
  });
  it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty'])(
    'reads no %s of any object',
    async (name) => {
      const { diagnostics } = await load(yaml(`{{vars.${name}}} {{input}}`));
      expect(diagnostics.map(({ code }) => code)).toEqual(['no-variable']);
    },
  );
  it('in a result of a tool that reads what a scenario does not have is a mistake', async () => {
    const tools = ' max_turns: 2, tools: [{ name: t, result: { said: "{{vars.toString}}" } }] ';
    const { diagnostics } = await load(yaml('{{input}}', tools));
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['no-variable', 'error']]);
  });
  it('in a result of a tool that means nothing is told as it stands, with a warning', async () => {
    const tools = ' max_turns: 2, tools: [{ name: t, result: "{{inptu}} {{arguments.x}} {{id}}" }] ';
    const { diagnostics, manifest: made } = await load(yaml('{{input}}', tools));
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['unknown-placeholder', 'warning'],
    ]);
    expect(made).not.toBeNull();
  });
});
