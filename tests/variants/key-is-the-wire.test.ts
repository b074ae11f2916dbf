// The definition of a key: it moves if and only if what a model is sent, or code is handed, moves. Every field of the schemas
// is edited, alone and in pairs; requests are recorded by a server, and what code is handed by the code itself.
// @project e2e: programs are started.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeRandom } from '../../src/core/shuffle.ts';
import { withFastFolder } from '../rig/folder.ts';
import { fieldsOf } from '../rig/schema-fields.ts';
import { EXCEPTIONS } from '../rig/wire-exceptions.ts';
import { MUTATIONS, type Mutation, pairs, UNTOUCHED } from '../rig/wire-mutations.ts';
import { makeRecorder, type Place, type Recorder } from '../rig/wire-record.ts';
import { makeWorld } from '../rig/wire-world.ts';

const IS_LONG = process.env.EXPGRAPH_ALL === '1';
const SEED = 13;
/** Far more than it takes: programs are started, and machines are shared. */
const TIMEOUT_MS = 600_000;

let recorder: Recorder;
let base: readonly Place[];

async function placesAfter(...mutations: readonly Mutation[]): Promise<readonly Place[]> {
  const world = makeWorld(recorder.url);
  for (const { change } of mutations) change(world);
  return withFastFolder((folder) => recorder.places(world, folder));
}

beforeAll(async () => {
  recorder = await makeRecorder();
  base = await placesAfter();
}, TIMEOUT_MS);
afterAll(async () => {
  await recorder[Symbol.asyncDispose]();
}, TIMEOUT_MS);

/** What one edit needs, another may have taken away. */
const UNMADE = 'cannot be made';

/** Some worlds side by side: most of the time goes into starting programs. */
async function wrongOf(edits: readonly (readonly Mutation[])[]): Promise<readonly string[]> {
  const found: string[] = [];
  const waiting = [...edits];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      try {
        found.push(...wrong(await placesAfter(...next), next));
      } catch (error) {
        found.push(`${UNMADE}: ${next.map(({ name }) => name).join(' + ')}: ${(error as Error).message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: 6 }, work));
  return found.sort();
}

/** Places where one of both moved and the other did not, and no exception says why. */
function wrong(after: readonly Place[], edits: readonly Mutation[]): readonly string[] {
  const names = edits.map(({ name }) => name).join(' + ');
  return base.flatMap(({ place, key, wire }) => {
    const now = after.find((one) => one.place === place);
    if (!now || (now.key !== key) === (now.wire !== wire)) return [];
    const moves = now.key === key ? 'wire' : 'key';
    const isMeant = EXCEPTIONS.some(
      (one) => one.moves === moves && one.place.test(place) && edits.some(({ name }) => one.edit.test(name)),
    );
    return isMeant ? [] : [`${place}: the ${moves} moved, and nothing else: ${names}`];
  });
}

const ofOneArm = (mutation: Mutation): boolean =>
  /^variants\/\w+\/\w+ = /.test(mutation.name) && mutation.of.some((field) => field.startsWith('#variant.'));

it('decides of every field of the schemas', () => {
  const decided = new Set([...MUTATIONS.flatMap(({ of }) => of), ...Object.keys(UNTOUCHED)]);
  const isDecided = (field: string): boolean =>
    [...decided].some((known) => field === known || (known in UNTOUCHED && field.startsWith(`${known}.`)));
  const all = [...fieldsOf('experiment'), ...fieldsOf('scenario')];
  expect(all.filter((field) => !isDecided(field))).toEqual([]);
  expect([...decided].filter((field) => field !== '#langsmith' && !all.includes(field))).toEqual([]);
});

it('has a use for every exception', () => {
  const unused = EXCEPTIONS.filter(({ edit }) => !MUTATIONS.some(({ name }) => edit.test(name)));
  expect(unused.map(({ why }) => why)).toEqual([]);
});

it('records something of every kind of arm and scorer', () => {
  expect(base.map(({ place }) => place)).toEqual([
    ...['prompt/0', 'prompt/1', 'loop/0', 'loop/1', 'responses/0', 'responses/1', 'served/0', 'module/0'],
    ...['program/0', 'stream/0', 'tests/0', 'scorer says/0', 'scorer autoevals/0', 'scorer judge/0'],
    ...['scorer judge/1', 'scorer own/0', 'scorer told/0'],
  ]);
  expect(base.filter(({ wire }) => wire.trim() === '').map(({ place }) => place)).toEqual([]);
});

// Of the settings of one arm alone a fifth: the same settings of the top level are among the edits, and reach every arm.
// EXPGRAPH_ALL=1 makes every edit, and a thousand pairs.
it('moves with the wire and only with it: every edit', { timeout: TIMEOUT_MS }, async () => {
  const random = makeRandom(SEED);
  const edits = MUTATIONS.filter((mutation) => IS_LONG || !ofOneArm(mutation) || random() < 0.2);
  expect(edits.length).toBeGreaterThan(200);
  expect(await wrongOf(edits.map((one) => [one]))).toEqual([]);
});

it('moves with the wire and only with it: pairs of edits', { timeout: TIMEOUT_MS }, async () => {
  const found = await wrongOf(pairs(makeRandom(SEED), IS_LONG ? 1_000 : 60));
  const unmade = found.filter((one) => one.startsWith(UNMADE));
  expect(found.filter((one) => !unmade.includes(one))).toEqual([]);
  expect(unmade.length).toBeLessThan(IS_LONG ? 300 : 20);
});
