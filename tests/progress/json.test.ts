import { expect, test } from 'vitest';
import { makeEventWriter } from '../../src/progress/json.ts';
import { finished, line, started } from './events.ts';

test('each event is one line of JSON, in order, as it came', () => {
  const lines: string[] = [];
  const writer = makeEventWriter({ append: (text) => lines.push(text) });
  const events = [line(started()), line(finished({ cell: { scenario: 'two\nlines\u2028\ud800' } }))];
  for (const event of events) writer.report(event);
  writer.close();
  expect(lines.every((text) => text.indexOf('\n') === text.length - 1)).toBe(true);
  expect(lines.map((text) => JSON.parse(text))).toEqual(events);
});
