// Two variants, field by field.
import { expect, it } from 'vitest';
import type { Variant } from '../../src/core/manifest.ts';
import { differencesOf, isDeclared } from '../../src/variants/differences.ts';
import { manifest, VARIANT } from '../rig/manifests.ts';

const { providers } = manifest();
const between = (to: Partial<Variant>, from: Partial<Variant> = {}) =>
  differencesOf({ from: { ...VARIANT, ...from }, to: { ...VARIANT, ...to }, providers });
const [schedule, list] = VARIANT.tools as [Variant['tools'][number], Variant['tools'][number]];

it('finds none between equals, whatever they are called', () => {
  expect(between({ name: 'other', slug: 'other' })).toEqual([]);
});

it('names a setting, a parameter, and a property of a tool', () => {
  const title = { ...schedule, parameters: { type: 'object', properties: { title: { type: 'number' } } } };
  expect(between({ temperature: 0.7, params: { top_p: 1 }, tools: [title, list], runs: 5 })).toEqual([
    { path: 'temperature', from: 0.2, to: 0.7 },
    { path: 'params.top_p', from: 0.9, to: 1 },
    { path: 'tools.schedule_task.parameters.properties.title.type', from: 'string', to: 'number' },
    { path: 'runs', from: 3, to: 5 },
  ]);
});

it('tells of tools in another order, and not of the order where tools come and go', () => {
  expect(between({ tools: [list, schedule] }).map(({ path }) => path)).toEqual(['tools.(order)']);
  expect(between({ tools: [list] }).map(({ path }) => path)).toEqual(['tools.schedule_task']);
  expect(between({ tools: [] })).toEqual([
    { path: 'tools', from: ['schedule_task', 'list_tasks'], to: undefined },
  ]);
});

it('names the files of own code that differ', () => {
  const own = (digest: string): Variant['harness'] => ({
    ...{ kind: 'command', argv: ['python3', 'a.py'], protocol: 'once', env: { set: {}, pass: [] } },
    ...{ processes: 1, inFlight: 1, code: { files: [{ path: 'a.py', digest }], packages: [] } },
  });
  const [first, ...rest] = between({ harness: own('2') }, { harness: own('1') });
  expect([first, ...rest].map((difference) => difference?.path)).toContain('command.code.a.py');
});

it('takes a declared name for all that is inside, and a salt for declared', () => {
  const declared = (path: string, ...varies: string[]): boolean => isDeclared({ path }, varies);
  expect([
    declared('params.top_p', 'params'),
    declared('params.top_p', 'params.top_p'),
    declared('params', 'params.top_p'),
    declared('tools_x', 'tools'),
    declared('salt'),
  ]).toEqual([true, true, false, false, true]);
});
