import { expect, test } from 'vitest';
import { writtenTime } from '../../src/core/written-time.ts';

const iso = (text: string): string | null => {
  const ms = writtenTime(text);
  return ms === null ? null : new Date(ms).toISOString();
};

test.each([
  ['2026-02-01', '2026-02-01T00:00:00.000Z'],
  ['2026-02-01T12:00', '2026-02-01T12:00:00.000Z'],
  ['2026-02-01 12:00', '2026-02-01T12:00:00.000Z'],
  ['2026-02-01 12:00 UTC', '2026-02-01T12:00:00.000Z'],
  ['2026-02-01T12:00:00.123456', '2026-02-01T12:00:00.123Z'],
  ['2026-02-01T12:00:00Z', '2026-02-01T12:00:00.000Z'],
  ['2026-02-01T12:00:00+05:30', '2026-02-01T06:30:00.000Z'],
  ['2026-02-01T12:00:00+0530', '2026-02-01T06:30:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
])('%s is a moment, whatever zone the machine is in', (text, moment) => {
  const zone = process.env.TZ;
  for (const tz of ['UTC', 'America/New_York', 'Asia/Kolkata']) {
    process.env.TZ = tz;
    expect(iso(text), tz).toBe(moment);
  }
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test.each([
  '2026-02-29',
  '2026-02-30T12:00:00Z',
  '2026-04-31 10:00',
  '2026-13-01',
  '2026-00-10',
  '2026-01-00',
  '2026-02-01T25:00',
  '2026-02-01 10:00 AM',
  '10/11/2026 3:04',
  'May 5',
  '5',
  '',
])('%j is none', (text) => {
  expect(writtenTime(text)).toBeNull();
});
