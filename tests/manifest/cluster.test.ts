// `cluster:`: what a scenario belongs to, and what is said of a field that none has.
import { describe, expect, test } from 'vitest';
import { clusterMistake, clusterNamed } from '../../src/manifest/scenarios/cluster.ts';

const scenarios = [
  { category: 'routing', vars: { customer: 'acme', 'a.b': 7, deep: { er: true, list: [1] } } },
  { category: null, vars: {} },
];
const [first, second] = scenarios as unknown as [
  Parameters<typeof clusterNamed>[1],
  Parameters<typeof clusterNamed>[1],
];

describe('a cluster', () => {
  test.each([
    ['vars.customer', 'acme'],
    ['category', 'routing'],
    ['vars.a.b', '7'],
    ['vars.deep.er', 'true'],
    ['vars.deep', null],
    ['vars.deep.list', null],
    ['vars.toString', null],
  ])('%s names %j', (field, name) => {
    expect(clusterNamed(field, first)).toBe(name);
    expect(clusterNamed(field, second)).toBeNull();
  });

  test('that some scenario names is no mistake', () => {
    expect(clusterMistake('vars.customer', [first, second])).toBeNull();
    expect(clusterMistake('vars.customer', [])).toBeNull();
  });

  test.each([
    ['vars.custmer', 'no scenario has vars.custmer', 'did you mean "vars.customer"?'],
    ['customer', '"customer" is no field', 'did you mean "vars.customer"?'],
    ['vars.', '"vars." is no field', null],
    ['x', '"x" is no field', null],
  ])('by %j is a mistake that says what there is', (field, message, hint) => {
    const mistake = clusterMistake(field, [first, second])!;
    expect(mistake.message).toContain(message);
    expect(mistake.hint).toContain(hint ?? 'their fields: category, vars.customer, vars.a.b, vars.deep.er');
  });
});
