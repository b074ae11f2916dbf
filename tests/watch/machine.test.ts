// The machine as a table: what happens -> what it does. Then random days: what must hold whatever happens.
import { expect, it } from 'vitest';
import {
  type AfterPlan,
  begin,
  type Effect,
  type Event,
  MAX_CHAIN,
  MAX_FILES,
  type Round,
  type State,
  step,
} from '../../src/watch/machine.ts';

const TIMING = { quietMs: 100, mostMs: 1_000 };
const FIRST: Round = { files: [], retry: false };

/** `saved a 10`, `woken 110`, `planned run`, `answered yes`, `ended`, `ended unstarted`, `retry`, `leave` */
function eventOf(text: string): Event {
  const [kind, one = '', two] = text.split(' ');
  switch (kind) {
    case 'saved':
      return { kind, file: one, atMs: Number(two) };
    case 'woken':
      return { kind, atMs: Number(one) };
    case 'planned':
      return { kind, verdict: one as AfterPlan };
    case 'answered':
      return { kind, yes: one === 'yes' };
    case 'ended':
      return { kind, ran: one !== 'unstarted' };
    case 'retry':
    case 'leave':
      return { kind };
    default:
      throw new Error(text);
  }
}

function wordsOf(effect: Effect): string {
  switch (effect.kind) {
    case 'wake-at':
      return `wake-at ${effect.atMs}`;
    case 'plan':
      return ['plan', ...effect.round.files, ...(effect.round.retry ? ['retry'] : [])].join(' ');
    default:
      return effect.kind;
  }
}

/** Every effect after the first plan, and the state at the end. */
function play(events: readonly string[]): readonly string[] {
  let { state } = begin(FIRST);
  const said: string[] = [];
  for (const event of events) {
    const made = step(state, eventOf(event), TIMING);
    state = made.state;
    said.push(...made.effects.map(wordsOf));
  }
  return [...said, `(${state.kind})`];
}

const IDLE = ['planned nothing'];
const RUNNING = ['planned run'];

it('begins with a plan', () => {
  expect(begin(FIRST).effects).toEqual([{ kind: 'plan', round: FIRST }]);
});

it.each<[string, readonly string[], readonly string[]]>([
  ['rests when there is nothing to run', ['planned nothing'], ['rest', '(idle)']],
  ['runs what is to be run, and rests', ['planned run', 'ended'], ['run', 'rest', '(idle)']],
  [
    'plans when files have been quiet',
    [...IDLE, 'saved a 10', 'woken 110'],
    ['rest', 'wake-at 110', 'plan a', '(planning)'],
  ],
  [
    'waits on while files are saved, with one timer',
    [...IDLE, 'saved a 10', 'saved b 60', 'saved a 90', 'woken 110', 'woken 190'],
    ['rest', 'wake-at 110', 'wake-at 190', 'plan a b', '(planning)'],
  ],
  [
    'plans files that are never quiet after a while',
    [...IDLE, 'saved a 0', 'woken 100', 'saved a 950', 'woken 1000'],
    ['rest', 'wake-at 100', 'plan a', '(planning)'],
  ],
  [
    'puts a plan that is out of date off, and remembers what set it off',
    [...IDLE, 'saved a 0', 'woken 100', 'saved b 120', 'planned run', 'woken 220'],
    ['rest', 'wake-at 100', 'plan a', 'wake-at 220', 'plan a b', '(planning)'],
  ],
  [
    'runs a plan of files that are never quiet, and plans them again afterwards',
    [...IDLE, 'saved a 0', 'saved a 950', 'woken 1000', 'saved a 1010', 'planned run', 'ended'],
    ['rest', 'wake-at 100', 'plan a', 'run', 'wake-at 1110', '(settling)'],
  ],
  [
    'makes one plan of all that was saved while it ran, and aborts nothing',
    [...RUNNING, 'saved a 10', 'saved b 500', 'saved a 900', 'ended', 'woken 1000'],
    ['run', 'wake-at 1000', 'plan a b', '(planning)'],
  ],
  [
    'runs after a yes, rests after a no',
    ['planned ask', 'answered no', 'retry', 'planned ask', 'answered yes'],
    ['ask', 'rest', 'plan retry', 'ask', 'run', '(running)'],
  ],
  [
    'takes a question back when a file is saved',
    ['planned ask', 'saved a 10', 'answered yes', 'woken 110'],
    ['ask', 'take-back', 'wake-at 110', 'plan a', '(planning)'],
  ],
  [
    'runs what failed when it is told to, at once',
    [...IDLE, 'saved a 0', 'retry'],
    ['rest', 'wake-at 100', 'plan a retry', '(planning)'],
  ],
  [
    'keeps the wish to try again while it runs',
    [...RUNNING, 'retry', 'ended'],
    ['run', 'plan retry', '(planning)'],
  ],
  [
    'keeps the wish to try again when its plan is put off',
    [...IDLE, 'retry', 'saved a 0', 'planned run', 'woken 100'],
    ['rest', 'plan retry', 'wake-at 100', 'plan a retry', '(planning)'],
  ],
  ['leaves at once while it rests', [...IDLE, 'leave', 'saved a 0'], ['rest', '(left)']],
  ['leaves at once while it plans', ['leave', 'planned run'], ['(left)']],
  ['takes its question back when it leaves', ['planned ask', 'leave'], ['ask', 'take-back', '(left)']],
  [
    'leaves a run only when it has ended, and plans nothing any more',
    [...RUNNING, 'saved a 0', 'leave', 'leave', 'ended'],
    ['run', '(left)'],
  ],
  ['does not mind a timer that rings late', [...IDLE, 'woken 5'], ['rest', '(idle)']],
])('%s', (_, events, effects) => {
  expect(play(events)).toEqual(effects);
});

it('holds no rounds that were put off while the store was not free', () => {
  const waiting = Array.from({ length: 10 }, (_, i) => [
    ...['planned run', `saved a ${i * 1_000}`],
    ...['ended unstarted', `woken ${i * 1_000 + 100}`],
  ]).flat();
  expect(play([...waiting, 'planned run']).slice(-2)).toEqual(['run', '(running)']);
});

it('holds rounds that set each other off, until somebody saves or asks while it rests', () => {
  const chained = Array.from({ length: MAX_CHAIN + 1 }, (_, i) => [
    ...['planned run', `saved a ${i * 1_000}`],
    ...['ended', `woken ${i * 1_000 + 100}`],
  ]).flat();
  const held = [...chained, 'planned run'];
  expect(play(held).filter((effect) => effect === 'run')).toHaveLength(MAX_CHAIN + 1);
  expect(play(held).slice(-3)).toEqual(['hold', 'rest', '(idle)']);
  expect(play([...held, 'retry', 'planned run']).slice(-2)).toEqual(['run', '(running)']);
  expect(play([...held, 'saved a 9000', 'woken 9100', 'planned run']).slice(-2)).toEqual([
    'run',
    '(running)',
  ]);
});

it('keeps a few names of ten thousand', () => {
  let { state } = step({ kind: 'idle' }, eventOf('saved f0 0'), TIMING);
  for (let i = 1; i < 10_000; i++) state = step(state, eventOf(`saved f${i} ${i / 100}`), TIMING).state;
  expect(state).toMatchObject({ kind: 'settling', edits: { firstMs: 0, lastMs: 99.99 } });
  expect(state).toHaveProperty('edits.files.length', MAX_FILES);
});

/** A world that behaves: it answers what it is asked, timers ring on time, and files are saved whenever they like. */
function randomDay(random: () => number): void {
  let nowMs = 0;
  let timerMs: number | null = null;
  /** Places in the order of what happened: of the last plan's beginning, of the last save. */
  let happened = 0;
  let planned = 0;
  let saved = -1;
  const open = { plan: 1, ask: 0, run: 0 };
  let state: State = begin(FIRST).state;
  const happen = (event: Event): void => {
    happened++;
    const made = step(state, event, TIMING);
    state = made.state;
    for (const effect of made.effects) {
      if (effect.kind === 'wake-at') timerMs = effect.atMs;
      if (effect.kind === 'take-back') open.ask = 0;
      if (effect.kind === 'plan') {
        planned = happened;
        timerMs = null;
      }
      if (effect.kind === 'plan' || effect.kind === 'ask' || effect.kind === 'run') open[effect.kind]++;
    }
    // Never two things at a time, whatever they are.
    expect(open.plan + open.ask + open.run).toBeLessThanOrEqual(1);
    expect(open.run === 1).toBe(state.kind === 'running');
  };
  const ring = (): void => {
    timerMs = null;
    happen({ kind: 'woken', atMs: nowMs });
  };
  const move = (noise: 'with saves' | 'without'): void => {
    nowMs += Math.floor(random() * 150);
    const dice = random();
    if (noise === 'with saves' && dice < 0.5) {
      saved = happened + 1;
      happen({ kind: 'saved', file: `f${Math.floor(random() * 3)}`, atMs: nowMs });
    } else if (noise === 'with saves' && dice < 0.55) happen({ kind: 'retry' });
    else if (timerMs !== null && timerMs <= nowMs) ring();
    else if (open.plan === 1) {
      open.plan = 0;
      const verdict = (['nothing', 'ask', 'run'] as const)[Math.floor(random() * 3)]!;
      happen({ kind: 'planned', verdict });
    } else if (open.ask === 1) {
      open.ask = 0;
      happen({ kind: 'answered', yes: random() < 0.5 });
    } else if (open.run === 1) {
      open.run = 0;
      happen({ kind: 'ended', ran: true });
    }
  };
  for (let i = 0; i < 60; i++) move('with saves');
  for (let i = 0; i < 60; i++) move('without');
  expect(state.kind).toBe('idle');
  // Whatever was saved was planned after it was saved.
  expect(planned).toBeGreaterThan(saved);
}

it('never runs two things at a time and plans every edit, on two thousand random days', () => {
  let seed = 1;
  const random = (): number => {
    // Numerical Recipes' generator: the days are the same on every machine.
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  for (let day = 0; day < 2_000; day++) randomDay(random);
});
