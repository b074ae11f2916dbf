import { describe, expect, it } from 'vitest';
import type { EventLine } from '../../src/core/event.ts';
import { makeAlike } from '../../src/progress/alike.ts';

function failed(scenario: string, message: string, decision: 'give-up' | 'halt' = 'give-up'): EventLine {
  return {
    ...{ v: 1, seq: 1, at: '2026-01-02T03:04:05.000Z', invocation: '0001-20260102T030405Z' },
    ...{ kind: 'attempt-failed', key: 'k', variant: 'one', scenario, run: 1, attempt: 1 },
    error: { kind: 'bad-request', status: 400, message, retry_after_ms: null },
    decision: { kind: decision, why: '' },
  };
}

describe('equal messages', () => {
  it('are said once; the rest is counted, with the last one as a second example', () => {
    const alike = makeAlike();
    const said = ['a', 'b', 'c'].map((id) => alike.messageOf(failed(id, `refused, request req-${id}1`)));
    expect(said.map((one) => one !== null)).toEqual([true, false, false]);
    expect(alike.rest()).toEqual([
      {
        severity: 'error',
        text: 'error: and 2 more like it: bad-request (400); the last one: one · c · run 1',
      },
    ]);
    expect(alike.rest()).toEqual([]);
  });

  it('of another kind are said as well', () => {
    const alike = makeAlike();
    const said = ['too long', 'a picture'].map((words) => alike.messageOf(failed('a', words)));
    expect(said.every((one) => one !== null)).toBe(true);
  });

  it('that stop a run are not counted: the others were on their way', () => {
    const alike = makeAlike();
    for (const id of ['a', 'b']) alike.messageOf(failed(id, 'no key', 'halt'));
    expect(alike.rest()).toEqual([]);
  });
});
