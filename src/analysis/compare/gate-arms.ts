// The gate's findings about one arm, and about how two of them were drawn. Pure.
import { formatAmount, formatCount } from '../../text/format.ts';
import {
  type Arm,
  type ArmCell,
  armName,
  type CompareInput,
  cellName,
  counts,
  LACKS,
  type Lack,
} from './input.ts';
import type { Finding } from './result.ts';
import { type Share, sharesApart } from './shares.ts';
import { areDrawnApart } from './times.ts';

/** As many names as a reader looks up. */
const MAX_CELLS = 12;

export const LACK_WORDS: { readonly [lack in Lack]: string } = {
  missing: 'missing',
  stale: 'stale',
  failed: 'failed',
  archived: 'archived',
  unscored: 'not scored',
  'not-told': 'without this number',
};

export function incomplete(arm: Arm, at: number, { allowed, metric, scorers }: CompareInput): Finding | null {
  const cells = arm.cells.filter(({ lack }) => lack !== null);
  if (cells.length === 0) return null;
  const lacks = LACKS.flatMap((lack) => {
    const count = cells.filter((cell) => cell.lack === lack).length;
    return count === 0 ? [] : [{ lack, count }];
  });
  const words = lacks.map(({ lack, count }) => `${formatCount(count)} ${LACK_WORDS[lack]}`).join(', ');
  const all = formatAmount(arm.cells.length, 'cell');
  return {
    kind: 'incomplete',
    ...verdict('incomplete', allowed.incomplete),
    arms: [at],
    message: `${armName(arm)} is incomplete: of ${all} ${words}`,
    hint: allowed.incomplete
      ? `left out of the numbers${lacks.some(({ lack }) => lack === 'archived') ? ', but for archived ones, whose answers cannot be looked at' : ''}; what is missing may not be like what is there`
      : lacks
          .flatMap(({ lack }) =>
            lack === 'unscored' ? unscored(cells, scorers) : [mend(lack, { arm, metric })],
          )
          .filter((word, i, words) => words.indexOf(word) === i)
          .join('; '),
    ...named(arm, cells),
  };
}

const SCORE = '`npx expgraph score` scores what is there, and says which scorers fail';
const UNREAD = '`npx expgraph review start --unread` deals the answers that nobody has read yet';

/** Where a scorer has judged and gave no number, judging again gives none either. */
function unscored(cells: readonly ArmCell[], scorers: readonly string[]): readonly string[] {
  const without = cells.filter(({ lack }) => lack === 'unscored');
  const silent = without.filter(({ isSilent }) => isSilent).length;
  return [
    ...(silent < without.length ? [scorers.some((name) => name.startsWith('human.')) ? UNREAD : SCORE] : []),
    ...(silent > 0
      ? [
          `in ${formatAmount(silent, 'cell')} a scorer judged and did not say this, which it says of other answers to the same scenario: let it always say so, or compare another --metric or --scorer`,
        ]
      : []),
  ];
}

function mend(
  lack: Exclude<Lack, 'unscored'>,
  { arm, metric }: { readonly arm: Arm; readonly metric: CompareInput['metric'] },
): string {
  if (lack === 'archived') return '`npx expgraph gc --restore` brings archived records back';
  if (lack === 'not-told') {
    return metric === 'cost'
      ? 'write prices under providers.<name>.pricing and draw again'
      : 'compare another --metric';
  }
  if (arm.at !== null) return 'choose another moment (`npx expgraph history` has them), or narrow the scope';
  return lack === 'failed'
    ? '`npx expgraph run --failed` tries failed cells again'
    : '`npx expgraph run` draws them';
}

/** Where the gate is closed for what is missing, that says it. */
export function noValues(arm: Arm, at: number, { metric, allowed }: CompareInput): Finding | null {
  if (arm.cells.some(counts)) return null;
  if (!allowed.incomplete && arm.cells.some(({ lack }) => lack !== null)) return null;
  return {
    kind: 'no-values',
    severity: 'refusal',
    mark: null,
    arms: [at],
    message:
      arm.cells.length === 0 && arm.unjudged === 0
        ? `${armName(arm)} has no cell in scope`
        : `no cell of ${armName(arm)} has a value for ${metric} that counts`,
    hint: whyNone(arm),
    cells: [],
    count: 0,
  };
}

/** Of a moment that is gone. */
function whyNone({ at, cells, unjudged: count }: Arm): string | null {
  if (at === null || cells.length > 0) return null;
  if (count > 0)
    return 'scorers know the variants and scenarios of today; --metric tokens, latency or cost need none';
  return 'its draws may be kept under an earlier name, or under that of a variant with equal content: `npx expgraph history` has them';
}

export function mixedModels(arm: Arm, at: number, { allowed }: CompareInput): Finding | null {
  const models = servedModels(arm);
  if (models.length < 2) return null;
  const words = models.map(({ model, cells }) => `${model} in ${formatAmount(cells, 'cell')}`).join(', ');
  const [most] = models;
  const others = arm.cells.filter(
    (cell) => counts(cell) && (cell.record?.servedModel ?? most!.model) !== most!.model,
  );
  return {
    kind: 'mixed-models',
    ...verdict('mixed-models', allowed.mixedModels),
    arms: [at],
    message: `${armName(arm)} was answered by more than one model: ${words}`,
    hint: allowed.mixedModels
      ? 'its numbers are of a mixture'
      : 'the provider changed what it serves under this name; `npx expgraph run --force` with --variant draws the arm again with one',
    ...named(arm, others),
  };
}

/** The most frequent first. A record that names no model is of none. */
function servedModels(arm: Arm): readonly { readonly model: string; readonly cells: number }[] {
  const seen = new Map<string, number>();
  for (const cell of arm.cells) {
    const model = counts(cell) ? cell.record?.servedModel : null;
    if (model) seen.set(model, (seen.get(model) ?? 0) + 1);
  }
  return [...seen].map(([model, cells]) => ({ model, cells })).sort((a, b) => b.cells - a.cells);
}

/** One name was asked for in both arms, and each got another model. Between moments this is what was looked for. */
export function modelsDiffer(
  pair: readonly [number, number],
  { arms, allowed, between }: CompareInput,
): Finding | null {
  const [first, second] = [arms[pair[0]]!, arms[pair[1]]!];
  const [a, b] = [servedModels(first), servedModels(second)];
  if (a.length !== 1 || b.length !== 1 || a[0]!.model === b[0]!.model) return null;
  const message = `${armName(first)} was answered by ${a[0]!.model}, ${armName(second)} by ${b[0]!.model}`;
  const common = { kind: 'models-differ', arms: pair, message, cells: [], count: 0 } as const;
  if (between === 'moments') {
    return {
      ...common,
      severity: 'warning',
      mark: null,
      hint: 'the difference may be the model and not the edit',
    };
  }
  if (first.model === null || first.model !== second.model) return null;
  const hint = allowed.mixedModels
    ? 'the difference may be the model and not the variant'
    : `both ask for ${first.model}; draw both again at one time (\`npx expgraph run --force\`)`;
  return { ...common, ...verdict('mixed-models', allowed.mixedModels), hint };
}

export function unjudged(arm: Arm, at: number): Finding | null {
  if (arm.unjudged === 0) return null;
  const message = `${formatAmount(arm.unjudged, 'cell')} of ${armName(arm)}: no scorer says this of them; they are not in the numbers`;
  return {
    kind: 'unjudged',
    severity: 'warning',
    mark: null,
    arms: [at],
    message,
    hint: null,
    cells: [],
    count: arm.unjudged,
  };
}

/** Variants with equal content have equal keys: one draw fills the cells of both. */
export function sharedDraws(
  pair: readonly [number, number],
  { arms, between }: CompareInput,
): Finding | null {
  if (between === 'moments') return null;
  const [first, second] = [arms[pair[0]]!, arms[pair[1]]!];
  const ids = new Set(first.cells.flatMap(({ record }) => record?.id ?? []));
  const shared = second.cells.filter(({ record }) => record !== null && ids.has(record.id));
  if (shared.length === 0) return null;
  return {
    kind: 'shared-draws',
    severity: 'warning',
    mark: null,
    arms: pair,
    message: `${armName(first)} and ${armName(second)} have equal content: ${formatAmount(shared.length, 'draw')} of one count for both`,
    hint: 'give one of them another `salt` to have it drawn for itself',
    ...named(second, shared),
  };
}

export function drawnApart(pair: readonly [number, number], { arms, between }: CompareInput): Finding | null {
  if (between === 'moments') return null;
  const [first, second] = [arms[pair[0]]!, arms[pair[1]]!];
  const times = ({ cells }: Arm): readonly number[] =>
    cells.flatMap((cell) => (cell.record && counts(cell) ? cell.record.startedAtMs : []));
  if (!areDrawnApart(times(first), times(second))) return null;
  return {
    kind: 'drawn-apart',
    severity: 'warning',
    mark: null,
    arms: pair,
    message: `${armName(first)} and ${armName(second)} were drawn at different times`,
    hint: 'what the provider did meanwhile looks like a difference of the arms; `npx expgraph run --force` draws both side by side',
    cells: [],
    count: 0,
  };
}

export function retriesDiffer(pair: readonly [number, number], { arms }: CompareInput): Finding | null {
  const [first, second] = [retries(arms[pair[0]]!), retries(arms[pair[1]]!)];
  const shares = sharesApart(first, second);
  if (shares === null) return null;
  return {
    kind: 'retries-differ',
    severity: 'warning',
    mark: null,
    arms: pair,
    message: `${shares[0]} of the cells of ${armName(arms[pair[0]]!)} took more than one attempt, ${shares[1]} of ${armName(arms[pair[1]]!)}`,
    hint: 'an arm that is refused or cut off more often may have kept the easier answers',
    cells: [],
    count: 0,
  };
}

function retries({ cells }: Arm): Share {
  const records = cells.flatMap((cell) => (cell.record && counts(cell) ? cell.record : []));
  return { all: records.length, some: records.filter(({ attempts }) => attempts > 1).length };
}

function verdict(
  mark: 'incomplete' | 'mixed-models',
  isAllowed: boolean,
): Pick<Finding, 'severity' | 'mark'> {
  return isAllowed ? { severity: 'warning', mark } : { severity: 'refusal', mark: null };
}

export function named(arm: Arm, cells: readonly ArmCell[]): Pick<Finding, 'cells' | 'count'> {
  return { cells: cells.slice(0, MAX_CELLS).map((cell) => cellName(arm.variant, cell)), count: cells.length };
}
