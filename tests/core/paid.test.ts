// From which turns a conversation can go on: a table of logs.
import { expect, it } from 'vitest';
import { type Logged, turnsToGoOnFrom } from '../../src/core/paid.ts';
import type { LogLine } from '../../src/core/record.ts';
import { attemptLine, resultsLine, task, turnLine } from '../rig/records.ts';

const OF = task({ variant: 'a', scenario: 'one', run: 1 });
const turn = (n: number, more: Partial<ReturnType<typeof turnLine>> = {}) => turnLine(OF, n, more);
const results = (n: number) => resultsLine(OF, n);
const redacted = (line: LogLine): LogLine => Object.assign({ redacted: true }, line);
const said = (text: string) => ({ messages: [{ role: 'assistant', content: text }] });

/** `turn 1+` has its results, `turn 1` has not. */
function goneOnFrom(lines: readonly LogLine[]): readonly string[] {
  const logged = lines.map((line) => ({ invocation: 'i', line: { ...line, n: 1, c: '' } }) as Logged);
  return turnsToGoOnFrom(logged).map(
    ({ messages, results }) => `${String(messages[0]!.content)}${results.length > 0 ? '+' : ''}`,
  );
}

it.each<[string, readonly LogLine[], readonly string[]]>([
  ['nothing', [], []],
  ['an answer whose tools were not called yet', [turn(1)], ['turn 1']],
  ['two turns', [turn(1), results(1), turn(2), results(2)], ['turn 1+', 'turn 2+']],
  [
    'a turn that another attempt went on from',
    [turn(1), attemptLine(OF, 0, 'worker-lost'), results(1), turn(2)],
    ['turn 1+', 'turn 2'],
  ],
  [
    'attempts that failed by the account',
    [turn(1), results(1), attemptLine(OF, 0, 'quota-exhausted')],
    ['turn 1+'],
  ],
  [
    'a request that was refused for what it says',
    [turn(1), results(1), attemptLine(OF, 0, 'bad-request')],
    [],
  ],
  [
    'a conversation begun anew after that',
    [turn(1), attemptLine(OF, 0, 'context-exceeded'), turn(1, said('again'))],
    ['again'],
  ],
  [
    'a forced draw: the newest beginning counts',
    [turn(1), results(1), turn(2), turn(1, said('forced')), results(1)],
    ['forced+'],
  ],
  ['a turn asked again', [turn(1), results(1), turn(2), turn(2, said('again'))], ['turn 1+', 'again']],
  ['a turn whose results are lost', [turn(1), turn(2)], ['turn 1']],
  ['a turn that is lost', [turn(1), results(1), turn(3), results(3)], ['turn 1+']],
  ['calls of own code', [turn(1, { own_code: true })], []],
  ['an answer that was given up', [turn(1), results(1), turn(2, { late: 'given-up' })], ['turn 1+']],
  [
    'an answer that came after a stop',
    [turn(1), results(1), turn(2, { late: 'stopped' })],
    ['turn 1+', 'turn 2'],
  ],
  [
    'an answer with a secret in it: nobody is told that he said something else',
    [turn(1), results(1), redacted(turn(2)), results(2), turn(3)],
    ['turn 1+'],
  ],
  ['a result with a secret in it', [turn(1), redacted(results(1)), turn(2)], []],
])('goes on from %s', (_, lines, turns) => {
  expect(goneOnFrom(lines)).toEqual(turns);
});
