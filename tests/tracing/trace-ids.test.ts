// Ids of traces: the same each time, of the version that the service wants, and sampling that keeps pairs.
import { expect, test } from 'vitest';
import { isSampled, nameId, orderSegment, traceId } from '../../src/core/trace.ts';

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const UUID_5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('a trace id is a UUID of version 7 that begins with its time and is the same each time', () => {
  const at = { startMs: Date.parse('2026-11-22T20:45:01.123Z'), seed: 'attempt 1' };
  const id = traceId(at);
  expect(id).toMatch(UUID_7);
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(at.startMs);
  expect(traceId(at)).toBe(id);
  expect(traceId({ ...at, seed: 'attempt 2' })).not.toBe(id);
});

test('a golden id: changing how ids are made would send every trace a second time', () => {
  expect(traceId({ startMs: 1_795_380_301_123, seed: 'a' })).toMatchInlineSnapshot(
    `"01a20501-4d43-7a97-8112-ca1bbdcafac2"`,
  );
  expect(nameId('dataset', 'expgraph/tool-interface')).toMatchInlineSnapshot(
    `"400f5d4a-76f5-5ab0-aa17-20689ba8a8c3"`,
  );
});

test('ids of names are UUIDs of version 5; parts cannot be run together', () => {
  expect(nameId('example', 'a', 'b')).toMatch(UUID_5);
  expect(nameId('example', 'a', 'b')).not.toBe(nameId('example', 'ab'));
  expect(nameId('example', 'a')).not.toBe(nameId('dataset', 'a'));
});

test('a segment of the dotted order is time, three digits of order, id', () => {
  const startMs = Date.parse('2026-11-22T20:45:01.123Z');
  expect(orderSegment({ startMs, order: 2, id: 'x' })).toBe('20261122T204501123002Zx');
  expect(orderSegment({ startMs, order: 5000, id: 'x' })).toBe('20261122T204501123999Zx');
});

test('sampling takes its share of scenario and run, whatever the variant', () => {
  const cells = Array.from({ length: 2000 }, (_, i) => ({
    scenario: `s:${i % 500}`,
    run: 1 + Math.floor(i / 500),
  }));
  const kept = cells.filter((cell) => isSampled({ ...cell, share: 0.25 }));
  expect(kept.length).toBeGreaterThan(400);
  expect(kept.length).toBeLessThan(600);
  expect(cells.every((cell) => isSampled({ ...cell, share: 1 }))).toBe(true);
  expect(cells.some((cell) => isSampled({ ...cell, share: 0 }))).toBe(false);
});
