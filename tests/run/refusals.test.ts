// Whom a refusal ends, as a table of counters, and what becomes of the other cells in the loop.
import { describe, expect, it } from 'vitest';
import type { Failure, FailureKind, Outcome } from '../../src/core/outcome.ts';
import { countWork, makeRefusals, type RefusalReach } from '../../src/run/limits/refusals.ts';
import { answer, failure, kinds, rig } from '../rig/loop.ts';
import { task } from '../rig/records.ts';

type Refuses = NonNullable<Failure['refuses']>;

const KINDS: { readonly [refuses in Refuses]: FailureKind } = {
  all: 'quota-exhausted',
  account: 'unauthorized',
  model: 'bad-request',
  request: 'bad-request',
};

function refusal(refuses: Refuses, more: Partial<Failure> = {}): Failure {
  return { kind: KINDS[refuses], status: 403, message: 'no', retryAfterMs: null, refuses, ...more };
}

/** `a1` is a cell of arm a; `+a` an answer to it; `=` what is said of the last refusal. */
function play(at: {
  readonly arms: { readonly [arm: string]: number };
  readonly prompts?: number;
  /** Asked first, in this order. */
  readonly first?: readonly string[];
  readonly steps: readonly (string | readonly [cell: string, failure: Failure])[];
}): readonly RefusalReach[] {
  const refusals = makeRefusals(() => ({ arms: new Map(Object.entries(at.arms)), prompts: at.prompts ?? 9 }));
  for (const cell of at.first ?? [])
    refusals.begun({ lane: 'x', arm: cell[0]!, cell, prompt: cell.slice(1) });
  return at.steps.flatMap((step) => {
    if (typeof step === 'string') {
      refusals.answered({ lane: 'x', arm: step });
      return [];
    }
    const [cell, failed] = step;
    return [refusals.refused({ lane: 'x', arm: cell[0]!, cell, prompt: cell.slice(1), failure: failed })];
  });
}

const NO_HOST: Failure = {
  ...{ kind: 'network', status: null, message: 'no such host', retryAfterMs: null },
  isNobodyThere: 'host',
};
const ACCOUNT = refusal('account', { status: 401 });
const MODEL = refusal('model', { status: 404 });
const OWN = refusal('account', { status: 401, isOfCode: true });
const [FORBIDDEN, ODD] = [refusal('request'), refusal('request', { status: 400 })];
const odd = (count: number, arm = 'a') =>
  Array.from({ length: count }, (_, i) => [`${arm}${i}`, ODD] as const);

describe('a refusal', () => {
  it.each<[name: string, at: Parameters<typeof play>[0], verdicts: readonly RefusalReach[]]>([
    [
      'of the request ends the arm whose first three are refused in the same words',
      { arms: { a: 9, b: 9 }, first: ['a0', 'a1', 'a2'], steps: odd(3) },
      ['cell', 'cell', 'arm'],
    ],
    [
      'of the request is its cells’ own where three are refused and one of the first is not',
      { arms: { a: 9, b: 9 }, first: ['a7', 'a0', 'a1'], steps: odd(3) },
      ['cell', 'cell', 'cell'],
    ],
    [
      'by nobody, for there is no such host, ends the account at once',
      { arms: { a: 9 }, steps: [['a1', NO_HOST]] },
      ['lane'],
    ],
    [
      'by nobody is a passing trouble of the network where the host has answered',
      { arms: { a: 9 }, steps: ['a', ['a1', NO_HOST]] },
      ['again'],
    ],
    [
      'that own code met ends its arm: the others may ask somebody else',
      {
        arms: { a: 9, b: 9 },
        steps: [
          ['a1', OWN],
          ['b1', OWN],
          ['a2', OWN],
        ],
      },
      ['cell', 'cell', 'arm'],
    ],
    [
      'of the account ends it with its second cell',
      {
        arms: { a: 9, b: 9 },
        steps: [
          ['a1', ACCOUNT],
          ['b2', ACCOUNT],
        ],
      },
      ['again', 'lane'],
    ],
    [
      'of the account is one prompt’s own, in whichever arm it is asked',
      {
        arms: { a: 9, b: 9 },
        steps: [
          ['a1', ACCOUNT],
          ['b1', ACCOUNT],
          ['a1', ACCOUNT],
        ],
      },
      ['again', 'again', 'cell'],
    ],
    [
      'of the account ends it with its second draw, where there is one prompt',
      {
        arms: { a: 9 },
        prompts: 1,
        steps: [
          ['a1', ACCOUNT],
          ['b1', ACCOUNT],
        ],
      },
      ['again', 'lane'],
    ],
    ['of the only cell ends the account', { arms: { a: 1 }, steps: [['a1', ACCOUNT]] }, ['lane']],
    [
      'of the account is its cell’s own, where others are answered',
      { arms: { a: 9 }, steps: [['a1', ACCOUNT], 'a', ['a1', ACCOUNT]] },
      ['again', 'cell'],
    ],
    [
      'of the account is its cell’s own, where nobody else says anything',
      {
        arms: { a: 9 },
        steps: [
          ['a1', ACCOUNT],
          ['a1', ACCOUNT],
        ],
      },
      ['again', 'cell'],
    ],
    [
      'of the account counts anew after an answer',
      {
        arms: { a: 9 },
        steps: [['a1', ACCOUNT], 'a', ['a2', ACCOUNT], ['a3', ACCOUNT], ['a4', ACCOUNT]],
      },
      ['again', 'again', 'again', 'lane'],
    ],
    ['for a day ends the account at once', { arms: { a: 9 }, steps: [['a1', refusal('all')]] }, ['lane']],
    [
      'of a model ends the arm with its second cell',
      { arms: { a: 9, b: 9 }, steps: [['a1', MODEL], 'b', ['a2', MODEL]] },
      ['cell', 'arm'],
    ],
    [
      'of a model is the cell’s own between answers',
      { arms: { a: 9 }, steps: [['a1', MODEL], 'a', ['a2', MODEL], 'a', ['a3', MODEL]] },
      ['cell', 'cell', 'cell'],
    ],
    [
      'that may be of whoever ends the arm with its third',
      {
        arms: { a: 9, b: 9 },
        steps: [
          ['a1', FORBIDDEN],
          ['a2', FORBIDDEN],
          ['a3', FORBIDDEN],
        ],
      },
      ['cell', 'cell', 'arm'],
    ],
    [
      'that may be of whoever ends the account, where every arm is refused alike',
      {
        arms: { a: 9, b: 9 },
        steps: [
          ['a1', FORBIDDEN],
          ['b1', FORBIDDEN],
          ['a2', FORBIDDEN],
          ['a3', FORBIDDEN],
        ],
      },
      ['cell', 'cell', 'cell', 'lane'],
    ],
    [
      'ends nobody once something was answered',
      { arms: { a: 9 }, steps: ['a', ['a1', FORBIDDEN], ['a2', FORBIDDEN], ['a3', FORBIDDEN]] },
      ['cell', 'cell', 'cell'],
    ],
    [
      'that is worded otherwise each time ends nobody',
      {
        arms: { a: 9 },
        steps: ['x', 'y', 'z'].map((message) => [`a${message}`, refusal('request', { message })] as const),
      },
      ['cell', 'cell', 'cell'],
    ],
    [
      'is alike whatever its ids are',
      {
        arms: { a: 9 },
        steps: ['req_1f', 'req_2a', 'req_93'].map(
          (id) => [`a${id}`, refusal('request', { message: `no (${id})` })] as const,
        ),
      },
      ['cell', 'cell', 'lane'],
    ],
    [
      'of a request that is not understood has more patience',
      { arms: { a: 9, b: 9 }, steps: odd(8) },
      [...Array(7).fill('cell'), 'arm'],
    ],
  ])('%s', (_, at, verdicts) => {
    expect(play(at)).toEqual(verdicts);
  });
});

it('arms of a lane are counted by variant, and those of scorers by scorer', () => {
  const of = (variant: string, more: object = {}) => ({
    ...task({ variant, scenario: 's', run: 1 }),
    ...more,
  });
  const count = countWork([of('a'), of('a'), of('b'), of('a', { scorer: 'j' })], ({ variant }) =>
    variant === 'b' ? 'y' : 'x',
  );
  expect(['x', 'y', 'z'].map((lane) => [[...count(lane).arms], count(lane).prompts])).toEqual([
    [
      [
        ['a', 2],
        ['j', 1],
      ],
      1,
    ],
    [[['b', 1]], 1],
    [[], 0],
  ]);
});

const refused = (refuses: Refuses, more: Partial<Failure> = {}): Outcome =>
  failure(KINDS[refuses], { status: 403, message: 'no', refuses, ...more });

function statusesOf(it: ReturnType<typeof rig>): Record<string, string> {
  return Object.fromEntries(
    [...it.store.records()].map((row) => {
      const read = it.store.read(row);
      if (read.kind === 'err') throw new Error(read.error);
      return [`${read.value.variant} ${read.value.scenario}`, read.value.status];
    }),
  );
}

describe('in the loop', () => {
  it('a cell that is answered 401 every time fails alone, though it comes first', async () => {
    const it = rig({
      tasks: 6,
      concurrency: 1,
      script: ({ cell }) =>
        cell.variant === 'a' && cell.scenario === 's0' ? refused('account', { status: 401 }) : answer(),
    });
    const result = await it.run();
    expect(result.stopped).toBeNull();
    const statuses = statusesOf(it);
    expect(statuses['a s0']).toBe('failed');
    expect(Object.values(statuses).filter((status) => status === 'completed')).toHaveLength(5);
  });

  it('a refused key ends the account with its second prompt, and no cell is blamed', async () => {
    let calls = 0;
    const it = rig({
      tasks: 20,
      concurrency: 1,
      script: () => {
        calls++;
        return refused('account', { status: 401, message: 'bad key (check X)' });
      },
    });
    const result = await it.run();
    expect(result.stopped).toEqual({
      kind: 'halted',
      why: 'provider made answered unauthorized (401): bad key (check X)',
    });
    // The two arms ask the same side by side.
    expect([calls, statusesOf(it)]).toEqual([3, {}]);
  });

  it('an arm whose model is refused ends with one sentence, and the other goes on', async () => {
    let asked = 0;
    const it = rig({
      tasks: 20,
      concurrency: 1,
      script: ({ cell }) => {
        if (cell.variant === 'b') return answer();
        asked++;
        return refused('model', { status: 404, message: 'no such model' });
      },
    });
    const result = await it.run();
    const why = 'provider made refuses the model made-1: no such model';
    expect(result.stopped).toEqual({ kind: 'halted', why });
    expect(asked).toBe(2);
    expect(Object.values(statusesOf(it)).sort()).toEqual([
      ...Array(10).fill('completed'),
      'failed',
      'failed',
    ]);
    const told = it.events.filter(({ kind }) => kind === 'diagnostic');
    const message = 'a: its model is refused: nothing of it is started any more, the other arms go on';
    expect(told).toMatchObject([{ code: 'arm-refused', message }]);
  });

  it('a retry of an arm that has ended is not waited for', async () => {
    let asked = 0;
    const it = rig({
      tasks: 8,
      concurrency: 1,
      script: ({ cell }) => {
        if (cell.variant === 'b') return answer();
        return ++asked === 1 ? failure('overloaded', { retryAfterMs: 40_000_000 }) : refused('model');
      },
      lanes: { a: {}, b: {} },
    });
    await it.run({ retries: 1, concurrency: 2 });
    expect(kinds(it.events).filter((kind) => kind === 'attempt-started')).toHaveLength(4 + 3);
  });

  it('an arm of which nothing is ever answered ends, whatever its refusals are called', async () => {
    const it = rig({
      tasks: 40,
      script: ({ cell }) => (cell.variant === 'a' ? refused('request') : answer()),
    });
    const result = await it.run();
    // Its arm was never answered: it ends, and the other does not.
    expect(result.stopped?.why).toBe('provider made refused all that was asked of it first, alike: no');
    expect(Object.values(statusesOf(it)).filter((status) => status === 'completed')).toHaveLength(20);
  });
});
