// The gate of a command: what its lines are about is gathered from the store, and each is decided.

import { designOf } from '../../analysis/compare/cluster.ts';
import type { GateAgainst, GateEvidence } from '../../analysis/gate/gate-evidence.ts';
import { decide, type GateFinding, undecided } from '../../analysis/gate/gate-verdict.ts';
import type { StoreReader } from '../../cache/store.ts';
import type { GateLine, GateReference, GateSubject } from '../../core/gate-line.ts';
import { EVER, type InvocationOrder } from '../../core/invocation-id.ts';
import type { GateVerdict, HowEnded } from '../../core/summary.ts';
import type { Filter } from '../../core/task.ts';
import { filterWords } from '../../text/filter-words.ts';
import type { Experiment } from '../open/experiment.ts';
import { namesOnly } from '../open/filters.ts';
import { byKey, once } from '../open/once.ts';
import { openHumanBook } from '../select/human-scores.ts';
import { importedRows } from '../select/imported-rows.ts';
import { bookOfToday } from '../select/verdict.ts';
import { cellsAt, cellsToday, type FoundCells } from './cells.ts';
import { clusterFor } from './cluster.ts';
import { momentOf, openOther } from './gate-against.ts';
import { makeChooser, type Source } from './gate-cells.ts';

export type GateScope = {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly filter: Filter;
  /** What commands that go on repeat: the folder and the manifest. */
  readonly place: string;
  /** Scores were left out on purpose: `--no-score`, `--scorer`. */
  readonly isPartlyJudged: boolean;
};

/** The manifest's lines and those of the command line. */
type Question = GateScope & { readonly lines: readonly GateLine[] };

export type GateReport = {
  readonly verdicts: readonly GateVerdict[];
  /** What the command line leaves out, a sentence each: no verdict, and no reason to fail. */
  readonly leftOut: readonly string[];
};

export function measureGate(question: Question): GateReport {
  using gathering = gather(question);
  return reportOf(question.lines.map((line) => decide(gathering.evidenceOf(line))));
}

/** Where the command ended so that nothing should be read any more. */
export function unmeasured({ lines, place }: Pick<Question, 'lines' | 'place'>, how: HowEnded): GateReport {
  const why =
    how === 'damaged'
      ? { why: 'the store is damaged', mends: ['fsck'] }
      : { why: 'the run was interrupted', mends: ['run'] };
  return reportOf(lines.map((line) => undecided(line, { ...why, file: place.trim() })));
}

function reportOf(findings: readonly GateFinding[]): GateReport {
  return {
    verdicts: findings.flatMap(({ state, verdict }) => (state === 'left-out' ? [] : [verdict])),
    leftOut: findings.flatMap(({ state, verdict }) => (state === 'left-out' ? [verdict.sentence] : [])),
  };
}

type Gathering = Disposable & { readonly evidenceOf: (line: GateLine) => GateEvidence };

function gather(question: Question): Gathering {
  const { experiment, isPartlyJudged } = question;
  // `--failed` and its like choose what is done, not what is asked.
  const filter = namesOnly(question.filter);
  const [found, choose] = [finders(question), makeChooser(experiment)];
  // What something is held against may be beside the variants that are asked for.
  const wide = { ...filter, variant: [] };
  const againstOf = ({ condition, subject }: GateLine): GateAgainst | null => {
    if (condition.kind === 'number') return null;
    const { than } = condition;
    const named = (name: string, input: Found, context: GateSubject = subject): GateAgainst => ({
      kind: 'found',
      name,
      cells: choose.cells(input.cells(wide), { subject: context, source: input.source }),
    });
    if (than.kind === 'variant')
      return named(than.variant, found.today, { ...subject, variant: than.variant });
    if (than.kind === 'imported') {
      const imported = found.imported(than.variant);
      if (imported === null) return { kind: 'none', why: `nothing was imported as ${than.variant}` };
      return named(than.variant, imported, { ...subject, variant: than.variant });
    }
    if (than.kind === 'store') {
      const other = found.elsewhere(than);
      return 'why' in other ? { kind: 'none', why: other.why } : named(than.shown, other);
    }
    const measured = choose.found(found.today.cells(filter), subject);
    const moment = momentOf(than, { store: question.store, measured });
    if ('why' in moment) return { kind: 'none', why: moment.why };
    return named(moment.label, found.earlier(moment.upTo));
  };
  const cluster = clusterFor(experiment, undefined);
  const { clusterOf = null } = designOf({ metric: 'score', cluster });
  return {
    evidenceOf: (line) => ({
      line,
      isPartlyJudged,
      cells: choose.cells(found.today.cells(filter), { subject: line.subject, source: found.today.source }),
      against: againstOf(line),
      filters: filterWords(filter),
      file: question.place.trim(),
      hasScorers: experiment.manifest.scorers.length > 0,
      clusterOf,
    }),
    [Symbol.dispose]: () => found[Symbol.dispose](),
  };
}

/** Cells of a store at one time, and whose verdicts count for its answers. */
type Found = { readonly cells: (filter: Filter) => FoundCells; readonly source: Source };

type Finders = Disposable & {
  readonly today: Found;
  /** null = nothing was imported under this name. */
  readonly imported: (variant: string) => Found | null;
  readonly earlier: (upTo: InvocationOrder) => Found;
  readonly elsewhere: (than: Extract<GateReference, { kind: 'store' }>) => Found | { readonly why: string };
};

/** Each store and each time is read once, however many lines ask for it. */
function finders({ experiment, store }: Question): Finders {
  const variants = experiment.manifest.variants.map(({ name }) => name);
  const scope = { experiment, variants };
  const imported = once(() => importedRows(store));
  const source = sourceOf(experiment);
  const opened: StoreReader[] = [];
  const at = (input: StoreReader, upTo: InvocationOrder): Found['cells'] =>
    byKey((filter: Filter) =>
      cellsAt({ ...scope, store: input, filter, moment: { label: String(upTo.sequence), upTo } }),
    );
  return {
    today: {
      source,
      cells: byKey((filter: Filter) => cellsToday({ ...scope, store, filter, imported: imported() })),
    },
    imported: (variant) => {
      if (![...imported().values()].some((row) => row.variant === variant)) return null;
      const own = { ...scope, variants: [...new Set([...variants, variant])] };
      return { source, cells: (filter) => cellsToday({ ...own, store, filter, imported: imported() }) };
    },
    earlier: byKey((upTo: InvocationOrder) => ({ source, cells: at(store, upTo) })),
    elsewhere: byKey((than) => {
      const other = openOther(experiment, than);
      if (other.kind === 'none') return other;
      opened.push(other.store);
      const cells = at(other.store, EVER);
      return { source: sourceOf({ ...experiment, root: other.root }), cells };
    }),
    [Symbol.dispose]: () => {
      for (const other of opened) other[Symbol.dispose]();
    },
  };
}

function sourceOf(experiment: Experiment): Source {
  return {
    book: once(() => bookOfToday(experiment)),
    human: once(() => openHumanBook(experiment)),
    said: new WeakMap(),
  };
}
