// What a user reads for a mistake: held against tests/walks/mistakes.txt, and against what every message has to be.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Mistake, type Printed, printedFor, SECRET, sectionOf, sectionsIn } from './mistake.ts';
import { isLeftOut } from './mistake-needs.ts';
import { MISTAKES } from './mistakes.ts';

const SECTIONS = sectionsIn(readFileSync(new URL('mistakes.txt', import.meta.url), 'utf8'));

/** What `run` says of itself before and between. */
const OF_THE_RUN = /^(?:demo · |SIMULATION: |expgraph: \d+ mistakes?; nothing was started)/;
const MAX_LINES = 12;
/** A line of the file, and the marks below it. */
const EXCERPT = /^ *\d* \|/;

const made = new Map<string, Promise<Printed>>();

function printedOnce(mistake: Mistake): Promise<Printed> {
  const known = made.get(mistake.name) ?? printedFor(mistake);
  made.set(mistake.name, known);
  return known;
}

describe.each(MISTAKES.filter((mistake) => !isLeftOut(mistake)).map((one) => [one.name, one] as const))(
  '%s',
  (_, mistake) => {
    it('is told as the file of all mistakes shows it (npm run mistakes)', async () => {
      expect(sectionOf(mistake, await printedOnce(mistake))).toBe(SECTIONS.get(mistake.name));
    });

    it('is told in twelve lines, the cause first, what to do last, without a stack and without a secret', async () => {
      const { text, raw } = await printedOnce(mistake);
      const lines = text.split('\n').filter((line) => !OF_THE_RUN.test(line));
      expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
      expect(lines[0]).toMatch(mistake.cause);
      expect(
        lines
          .filter((line) => !EXCERPT.test(line))
          .slice(-2)
          .join('\n'),
      ).toMatch(mistake.todo);
      expect(raw).not.toMatch(/^ +at .*:\d+:\d+\)?$/m);
      expect(raw).not.toContain(SECRET);
    });
  },
);

it('shows at least forty mistakes, each once', () => {
  const names = MISTAKES.map(({ name }) => name);
  expect([new Set(names).size === names.length, names.length >= 40]).toEqual([true, true]);
  expect([...SECTIONS.keys()]).toEqual(names);
});
