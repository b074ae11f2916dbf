// Arms for the tests of compare: by scenario the values of its runs, as plain data.
import type { Arm, ArmCell, CompareInput } from '../../src/analysis/compare/input.ts';

/** null = no value, for the reason that `lack` gives. */
export type Values = { readonly [scenario: string]: readonly (number | null)[] };

let nextId = 1;

export function arm(
  variant: string,
  values: Values,
  more: Partial<Omit<Arm, 'cells'>> & {
    readonly lack?: ArmCell['lack'];
    readonly edit?: (cell: ArmCell) => ArmCell;
  } = {},
): Arm {
  const { lack = 'missing', edit = (cell) => cell, ...fields } = more;
  const cells = Object.entries(values).flatMap(([scenario, runs]) =>
    runs.map((value, i): ArmCell => {
      const cell = { scenario, run: i + 1, lack: value === null ? lack : null, value, passed: null };
      return edit({
        ...cell,
        record: value === null ? null : recordOf(`${variant} ${scenario} ${i}`, value),
      });
    }),
  );
  return { variant, at: null, model: 'model-1', cells, unjudged: 0, simulated: false, ...fields };
}

function recordOf(key: string, value: number): NonNullable<ArmCell['record']> {
  return {
    id: nextId++,
    key,
    outputDigest: `answer ${value}`,
    servedModel: 'model-1-0101',
    startedAtMs: 1_000,
    attempts: 1,
  };
}

/** The same answers, drawn once more. */
export function drawnAgain(of: Arm, variant: string): Arm {
  const cells = of.cells.map((cell) =>
    cell.record ? { ...cell, record: { ...cell.record, id: nextId++ } } : cell,
  );
  return { ...of, variant, cells };
}

/** The first arm against each other one. */
export function question(arms: readonly Arm[], more: Partial<CompareInput> = {}): CompareInput {
  return {
    experiment: 'tool-interface',
    metric: 'score',
    scorers: ['expect'],
    arms,
    pairs: arms.slice(1).map((_, i) => [0, i + 1] as const),
    between: 'variants',
    by: null,
    groupsOf: (scenario) => [scenario.includes(':') ? scenario.split(':')[0]! : null],
    allowed: { incomplete: false, mixedModels: false },
    ...more,
  };
}

/** The same values for so many scenarios, `s:01` and on. */
export function scenarios(count: number, valuesOf: (i: number) => readonly (number | null)[]): Values {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`s:${String(i + 1).padStart(2, '0')}`, valuesOf(i)]),
  );
}

export const ALLOW_ALL = { incomplete: true, mixedModels: true } as const;
