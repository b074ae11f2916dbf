// docs/scale.md says what its script prints, and the simulation behind it loses nothing.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readInputs, tables, withTables } from '../bench/scale.ts';
import { type Flow, mostTasks, sharded, simulate, today, WINDOW_S } from '../bench/scale-model.ts';
import { ROOT } from './rig/files.ts';

const PAGE = readFileSync(path.join(ROOT, 'docs/scale.md'), 'utf8');
const INPUTS = readInputs();
const FLOW: Flow = { callsPerS: 500, latencyS: 2, coordinators: 1, servers: 1, places: 1_250 };

test('the page has the tables that the script prints', () => {
  expect(withTables(PAGE, INPUTS)).toBe(PAGE);
  expect(Object.keys(tables(INPUTS)).length).toBe([...PAGE.matchAll(/<!-- scale:(?!end)/g)].length);
});

test('a page without a place for a table is told', () => {
  expect(() => withTables(PAGE.replace('scale:flow', 'scale:flood'), INPUTS)).toThrow(
    'no place for the table flow',
  );
});

test('the figures in its sentences are those of the model', () => {
  const ten = sharded({ tasks: 10_000_000_000, withinS: 7 * 24 * 3600 }, INPUTS);
  expect(ten.coordinatorsByWork).toBe(4);
  expect(ten.coordinatorsByMemory).toBeGreaterThan(2_000);
  expect(Math.ceil(ten.callsPerS / 500)).toBe(34);
  expect(Math.round(ten.callsPerS * 60)).toBeGreaterThan(990_000);
  expect((ten.sliceBytes / 1e9).toFixed(1)).toBe('1.4');
  expect(ten.sliceIndexS).toBeLessThan(90);
  const hundred = today(100_000_000, INPUTS);
  expect(Math.round(hundred.coordinatorS / 3600)).toBe(4);
  expect(100_000_000 / 500 / 86_400).toBeGreaterThan(2);
  expect(hundred.indexS / 3600).toBeCloseTo(0.9, 0);
  expect(mostTasks(INPUTS).planned).toBeLessThan(10_000_000);
  const busy = simulate({ ...FLOW, callsPerS: 5_000, places: 12_500 }, INPUTS);
  expect(busy.limitedBy).toBe('lanes');
  expect(1 - busy.coordinatorBusy).toBeGreaterThan(0.25);
});

const flows = fc.record({
  callsPerS: fc.integer({ min: 1, max: 50_000 }),
  latencyS: fc.double({ min: 0.1, max: 60, noNaN: true }),
  coordinators: fc.integer({ min: 1, max: 8 }),
  servers: fc.integer({ min: 1, max: 8 }),
  places: fc.integer({ min: 1, max: 200_000 }),
});

test('whatever goes in comes out or is somewhere, and never more waits than the lanes start in ten seconds', () => {
  fc.assert(
    fc.property(flows, (flow) => {
      const { lost, mostWaiting, perS, coordinatorBusy, redisBusy } = simulate(flow, INPUTS);
      expect(Math.abs(lost)).toBeLessThan(0.01);
      expect(mostWaiting).toBeLessThanOrEqual(flow.callsPerS * (WINDOW_S + 0.1));
      expect(perS).toBeLessThanOrEqual(flow.callsPerS * 1.001);
      expect(perS).toBeLessThanOrEqual((flow.places / flow.latencyS) * 1.001);
      expect(coordinatorBusy).toBeLessThanOrEqual(1.001);
      expect(redisBusy).toBeLessThanOrEqual(1.001);
    }),
    { numRuns: 60 },
  );
});

test('more of what is short makes it faster, and more of the rest does not', () => {
  const short = { ...FLOW, callsPerS: 20_000, places: 50_000 };
  const one = simulate(short, INPUTS);
  expect(one.limitedBy).toBe('coordinator');
  const coordinators = simulate({ ...short, coordinators: 4 }, INPUTS);
  expect(coordinators.limitedBy).toBe('Redis');
  expect(coordinators.perS).toBeGreaterThan(one.perS);
  expect(simulate({ ...short, servers: 4 }, INPUTS).perS).toBeCloseTo(one.perS, 0);
  expect(simulate({ ...short, coordinators: 4, servers: 4 }, INPUTS).limitedBy).toBe('lanes');
  expect(simulate({ ...FLOW, places: 500 }, INPUTS).limitedBy).toBe('workers');
});
