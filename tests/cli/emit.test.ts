import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { EventLine } from '../../src/core/event.ts';
import { makeRedact } from '../../src/core/redact.ts';
import { makeEmit, openEventFile } from '../../src/project/open/emit.ts';
import { handClock } from '../rig/clock.ts';
import { tempFolder } from '../rig/temp.ts';

const PLAIN = makeRedact([]);
const STARTED = { kind: 'invocation-started', experiment: 'made', provider: [] } as const;

it('goes on without a watcher that fails, and says so once', () => {
  const seen: EventLine[] = [];
  const lost: string[] = [];
  let calls = 0;
  const emit = makeEmit({
    invocation: '0001-20260102T030405Z',
    clock: handClock(),
    redact: PLAIN,
    reporters: [
      {
        report: () => {
          calls++;
          throw new Error('no space left');
        },
        close: () => {},
      },
      { report: (event) => seen.push(event), close: () => {} },
    ],
    onLost: (cause) => lost.push(cause.message),
  });
  emit(STARTED);
  emit(STARTED);
  expect([calls, lost, seen.map(({ seq }) => seq)]).toEqual([1, ['no space left'], [1, 2]]);
});

it('takes secrets out of the words of an event and leaves its names alone', () => {
  const seen: EventLine[] = [];
  const emit = makeEmit({
    invocation: '0001-20260102T030405Z',
    clock: handClock(),
    redact: makeRedact([{ name: 'A_KEY', value: 'sk-12345' }]),
    reporters: [{ report: (event) => seen.push(event), close: () => {} }],
    onLost: () => {},
  });
  emit({ kind: 'diagnostic', severity: 'error', code: 'x', message: 'key sk-12345 refused', hint: null });
  emit({ kind: 'lane-cooled', lane: 'sk-12345', for_ms: 1 });
  expect(seen).toMatchObject([{ message: 'key [redacted:A_KEY] refused' }, { lane: 'sk-12345' }]);
});

it('starts a line of its own behind a line that a killed run left unfinished', () => {
  const file = path.join(tempFolder(), 'events.jsonl');
  writeFileSync(file, '{"v":1}\n{"v":1,"se');
  const events = openEventFile(file);
  events.append('{"v":1,"seq":1}\n');
  events.close();
  expect(readFileSync(file, 'utf8')).toBe('{"v":1}\n{"v":1,"se\n{"v":1,"seq":1}\n');
});
