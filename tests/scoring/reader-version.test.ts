// Which checks say their version: those whose reader has learned, so that the scores of all others keep their keys.
import { expect, it } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import { checkFor, readerVersion } from '../../src/scoring/expectations/expectation.ts';
import { SCENARIO } from '../rig/manifests.ts';
import { expectScorer } from './rig.ts';

function versionOf(expectation: Json): number | undefined {
  const check = checkFor(expectScorer, { ...SCENARIO, expect: expectation }, { variant: 'a', intents: {} });
  if (check.kind === 'err' || check.value === null) throw new Error('no check');
  return readerVersion(check.value).reader as number | undefined;
}

it.each<readonly [string, Json]>([
  ['numbers', { numeric: 5 }],
  ['JSON', { json: true }],
  ['questions', { clarify: false }],
  ['one of several', { contains: 'a', numeric: 5 }],
  ['one of any', { any: [{ contains: 'a' }, { json: true }] }],
  ['what is not so', { not: { numeric: 5 } }],
  ['moments of calls', { tool_calls: [{ name: 'a', arguments: { t: { at: '2026-02-17' } } }] }],
  ['ids of calls', { tool_calls: [{ name: 'a', arguments: { id: '9007199254740994' } }] }],
])('say it of %s', (_, expectation) => {
  expect(versionOf(expectation)).toBe(2);
});

it.each<readonly [string, Json]>([
  ['texts', { exact: 'a', contains: 'b', regex: 'c' }],
  ['endings', { finish_reason: 'stop', refused: false }],
  ['calls without moments', { tool_calls: [{ name: 'a', arguments: { n: 1, s: '12' } }] }],
  ['what is not one of these', { not: { contains: 'a' } }],
])('say none of %s', (_, expectation) => {
  expect(versionOf(expectation)).toBeUndefined();
});
