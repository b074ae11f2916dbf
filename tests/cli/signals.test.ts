// What becomes of signals: whoever listens acts on them, what comes between two that listen is kept, and its name with it.
import { expect, it } from 'vitest';
import { holdSignals, isInterruptible, listenForInterrupts } from '../../src/cli/terminal/signals.ts';

/** As the kernel would deliver it, to this process alone. */
const send = (signal: NodeJS.Signals): void => void process.emit(signal, signal);

it('a signal that comes between drawing and judging is kept, with its name, for whoever listens next', () => {
  const said: string[] = [];
  using held = holdSignals((sentence) => void said.push(sentence));
  send('SIGTERM');
  send('SIGHUP');
  {
    using judging = listenForInterrupts(() => {});
    expect([judging.stop.aborted, judging.abort.aborted, judging.signal()]).toEqual([true, false, 'SIGTERM']);
  }
  expect(said).toEqual(['Stopping: what is complete is kept.']);
  expect(held.signal()).toBe('SIGTERM');
  // It was taken: who comes later begins as if there had been none.
  using next = listenForInterrupts(() => {});
  expect([next.stop.aborted, next.signal()]).toEqual([false, null]);
});

it('what somebody else acts on is not kept, and is known afterwards', () => {
  const said: string[] = [];
  using held = holdSignals((sentence) => void said.push(sentence));
  {
    using drawing = listenForInterrupts(() => {});
    send('SIGHUP');
    send('SIGHUP');
    expect([drawing.stop.aborted, drawing.abort.aborted, drawing.signal()]).toEqual([true, false, 'SIGHUP']);
  }
  using judging = listenForInterrupts(() => {});
  expect([judging.stop.aborted, judging.signal(), said, held.signal()]).toEqual([false, null, [], 'SIGHUP']);
});

it('a signal that nobody took is forgotten when what held it is over', () => {
  {
    using _held = holdSignals(() => {});
    send('SIGINT');
    expect(isInterruptible()).toBe(true);
  }
  expect(isInterruptible()).toBe(false);
  using next = listenForInterrupts(() => {});
  expect(next.stop.aborted).toBe(false);
});

it.each(['SIGINT', 'SIGTERM'] as const)(
  'what is said of %s fits on one line of 80 columns, "note: " before it',
  (signal) => {
    const said: string[] = [];
    using drawing = listenForInterrupts((sentence) => void said.push(sentence));
    send(signal);
    expect([drawing.stop.aborted, said.length]).toEqual([true, 1]);
    expect(`note: ${said[0]}`.length).toBeLessThanOrEqual(80);
    expect(said[0]).toContain('Ctrl-C');
  },
);
