// The first hour, from seven directions, each as a user walks it. `npm run walks` writes what was counted into docs/walks.md.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../rig/files.ts';
import { afterANight } from './after-a-night.ts';
import { firstContact } from './first-contact.ts';
import { fromInspect } from './from-inspect.ts';
import { fromPromptfoo } from './from-promptfoo.ts';
import { inCi } from './in-ci.ts';
import { localServer } from './local-server.ts';
import { readingAll } from './reading.ts';
import { countsInPage, countsOf, stepsOf, tableOf, withPart } from './table.ts';
import { startWalk, type Walk, type Walked } from './walk.ts';

const PAGE = path.join(ROOT, 'docs/walks.md');
const isWriting = process.env.WALKS === 'write';

const DIRECTIONS: readonly (readonly [string, (walk: Walk) => Promise<void>])[] = [
  ['first contact', firstContact],
  ['from promptfoo', fromPromptfoo],
  ['from Inspect and pytest', fromInspect],
  ['in CI', inCi],
  ['after a failure at night', afterANight],
  ['reading 120 transcripts', readingAll],
  ['with a local server', localServer],
];

describe('the first hour', () => {
  const walked: Walked[] = [];

  it.each(DIRECTIONS)('%s', async (direction, steps) => {
    const walk = startWalk();
    await steps(walk);
    const done = { direction, steps: walk.steps };
    walked.push(done);
    if (isWriting) return;
    const { commands, edits } = countsOf(done);
    const page = readFileSync(PAGE, 'utf8');
    expect(countsInPage(page, direction)).toEqual({ commands, edits });
    expect(page).toContain(stepsOf([done]));
  });

  afterAll(() => {
    if (!isWriting || walked.length < DIRECTIONS.length) return;
    const page = readFileSync(PAGE, 'utf8');
    const table = withPart(page, { name: 'walks', text: tableOf(walked) });
    writeFileSync(PAGE, withPart(table, { name: 'steps', text: stepsOf(walked) }));
  });
});
