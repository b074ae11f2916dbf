// What the gate promises: whoever leaves answers out, or draws again what was lost, is refused or warned, every time.
import { findingsOf } from '../../src/analysis/compare/gate.ts';
import type { Arm, ArmCell, CompareInput } from '../../src/analysis/compare/input.ts';
import { isRefused } from '../../src/analysis/compare/result.ts';
import { comparePaired } from '../../src/analysis/statistics/compare.ts';
import { makeRandom, type Random } from '../../src/analysis/statistics/random.ts';
import type { Section } from './section.ts';

const EXPERIMENTS = 2_000;
const SCENARIOS = 10;
const RUNS = 3;
const SEED = 20_260_171;
const LEVEL = 0.05;

/** Pass or fail; both arms answer alike: each scenario has a difficulty of its own. */
function drawArms(random: Random): readonly [Arm, Arm] {
  const difficulty = Array.from({ length: SCENARIOS }, () => random.uniform());
  let id = 0;
  const arm = (variant: string): Arm => ({
    ...{ variant, at: null, model: 'm', unjudged: 0, simulated: false },
    cells: difficulty.flatMap((share, s) =>
      Array.from({ length: RUNS }, (_, i): ArmCell => {
        const value = Number(random.uniform() < share);
        return {
          ...{ scenario: `s${s}`, run: i + 1, lack: null, value, passed: value === 1 },
          record: {
            ...{ id: ++id, key: `${variant} ${s} ${i}`, outputDigest: `${value}`, servedModel: 'm' },
            ...{ startedAtMs: 0, attempts: 1, ending: null },
          },
          draws: {
            ...{ completed: 1, failed: { byContent: 0, byTransport: 0 }, since: 1, first: null },
            isChosen: false,
          },
        };
      }),
    ),
  });
  return [arm('a'), arm('b')];
}

function edited(arm: Arm, edit: (cell: ArmCell) => ArmCell): Arm {
  return { ...arm, cells: arm.cells.map(edit) };
}

function ask(arms: readonly Arm[]): CompareInput {
  return {
    ...{ experiment: 'aa', metric: 'pass', scorers: ['expect'], arms, pairs: [[0, 1]], between: 'variants' },
    ...{ by: null, groupsOf: () => [null], allowed: { incomplete: false, mixedModels: false } },
  };
}

const lost = (cell: ArmCell): ArmCell => ({ ...cell, lack: 'unscored', value: null, passed: null });

/** Of ten answers one is judged with a label only, whatever it is worth. */
const atRandom =
  (random: Random) =>
  (cell: ArmCell): ArmCell =>
    random.uniform() < 0.1 ? lost(cell) : cell;

/** Two of three lost ones are. */
const ofLosses =
  (random: Random) =>
  (cell: ArmCell): ArmCell =>
    cell.value === 0 && random.uniform() < 2 / 3 ? lost(cell) : cell;

/** What was lost is drawn again, and what comes then counts. */
const redrawn =
  (random: Random) =>
  (cell: ArmCell): ArmCell => {
    if (cell.value === 1) return cell;
    const value = Number(random.uniform() < 0.5);
    return { ...cell, value, draws: { ...cell.draws!, completed: 2, first: { value: 0 }, isChosen: true } };
  };

type Told = { readonly isTold: boolean; readonly isFound: boolean; readonly isFoundAtFirst: boolean };

const isTrue = (p: number | undefined): boolean => p !== undefined && p < LEVEL;

/** As compare has it of what is there. */
function pOf(arms: readonly [Arm, Arm]): number | undefined {
  const [first, second] = arms.map(({ cells }) => {
    const values = new Map<string, number[]>();
    for (const { scenario, value } of cells) {
      if (value !== null) values.set(scenario, [...(values.get(scenario) ?? []), value]);
    }
    return values;
  });
  return comparePaired(first!, second!, 1)?.permutation.p;
}

function missing(random: Random, edit: (random: Random) => (cell: ArmCell) => ArmCell): Told | null {
  const [a, b] = drawArms(random);
  const second = edited(b, edit(random));
  // Nothing was missing here: there is nothing to refuse.
  if (second.cells.every(({ lack }) => lack === null)) return null;
  const isTold = isRefused({ findings: findingsOf(ask([a, second])) });
  return { isTold, isFound: isTrue(pOf([a, second])), isFoundAtFirst: false };
}

function redraws(random: Random): Told | null {
  const [a, b] = drawArms(random);
  const again = edited(b, redrawn(random));
  const finding = findingsOf(ask([a, again])).find(({ kind }) => kind === 'redraws-differ');
  return {
    isTold: finding !== undefined,
    isFound: isTrue(pOf([a, again])),
    isFoundAtFirst: isTrue(finding?.firstDraws?.p),
  };
}

function section(
  title: string,
  of: { readonly told: string; readonly one: (random: Random) => Told | null },
): Section {
  const random = makeRandom(SEED);
  const all: Told[] = [];
  for (let e = 0; e < EXPERIMENTS; e++) all.push(...[of.one(random) ?? []].flat());
  const share = (is: (one: Told) => boolean): number => all.filter(is).length / all.length;
  const hasFirst = all.some(({ isFoundAtFirst }) => isFoundAtFirst);
  return {
    title,
    rows: [
      { name: of.told, share: share(({ isTold }) => isTold), wanted: { kind: 'always' } },
      {
        name: 'found where it is let through',
        share: share(({ isFound }) => isFound),
        wanted: { kind: 'told' },
      },
      ...(hasFirst
        ? [
            {
              name: 'found with first draws',
              share: share(({ isFoundAtFirst }) => isFoundAtFirst),
              wanted: { kind: 'at most', share: LEVEL, trials: all.length },
            } as const,
          ]
        : []),
    ],
  };
}

/** Nothing differs, and one arm is favoured by what counts of it. */
export function gate(): readonly Section[] {
  const size = `${SCENARIOS} x ${RUNS}, pass or fail`;
  return [
    section(`${size}: of one arm answers are missing at random`, {
      ...{ told: 'refused', one: (random) => missing(random, atRandom) },
    }),
    section(`${size}: of one arm two of three lost answers are missing`, {
      ...{ told: 'refused', one: (random) => missing(random, ofLosses) },
    }),
    section(`${size}: of one arm what was lost is drawn again`, { told: 'warned', one: redraws }),
  ];
}
