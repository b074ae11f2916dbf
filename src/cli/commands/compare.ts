// expgraph compare: arms against each other, or one against itself over time, once the gate is open.

import { compareArms } from '../../analysis/compare/compare.ts';
import type { Arm, CompareInput, Metric } from '../../analysis/compare/input.ts';
import { type Preference, preferenceBlocks, preferenceJson } from '../../analysis/compare/preference.ts';
import { type Compared, isRefused } from '../../analysis/compare/result.ts';
import type { ScoreBook } from '../../core/scoring.ts';
import type { Filter } from '../../core/task.ts';
import { jsonLine } from '../../core/text.ts';
import { isJudged } from '../../project/compare/arm.ts';
import { gatherComparison } from '../../project/compare/arms.ts';
import { clusterFor } from '../../project/compare/cluster.ts';
import { readFailUnder } from '../../project/compare/fail-under.ts';
import {
  exitWithGate,
  type Gated,
  type GateQuestion,
  gateOf,
} from '../../project/compare/invocation-gate.ts';
import { readMargin } from '../../project/compare/margin.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import {
  type FilterOptions,
  makeFilter,
  placeWords,
  scopeWords,
  stateFlags,
} from '../../project/open/filters.ts';
import { notifyDiagnostics } from '../../project/open/world.ts';
import { findMoment } from '../../project/select/find-records.ts';
import { bookOfToday, chosenScorers } from '../../project/select/verdict.ts';
import { withoutPairs } from '../../project/select/without-pairs.ts';
import { differingText } from '../../report/compare/differing.ts';
import { gateBlocks, gateText } from '../../report/compare/gate-sheet.ts';
import { compareJson } from '../../report/compare/json.ts';
import { compareSheet, refusalSentences } from '../../report/compare/sheet.ts';
import { typedHere } from '../../text/next.ts';
import type { Block } from '../../text/sheet.ts';
import { sheetHtml } from '../../text/sheet-html.ts';
import { sheetMarkdown } from '../../text/sheet-markdown.ts';
import { sheetText } from '../../text/sheet-text.ts';
import { type Io, isGithub } from '../io.ts';
import { tellGate } from '../terminal/gate-lines.ts';

export type CompareFormat = 'table' | 'json' | 'markdown' | 'html';

export async function compareCommand(
  io: Io,
  options: Omit<FilterOptions, 'variant'> & {
    readonly file: string;
    readonly variants: readonly string[];
    readonly metric?: Metric;
    readonly by?: NonNullable<CompareInput['by']>;
    readonly cluster?: string;
    readonly at?: readonly string[];
    readonly scorer?: readonly string[];
    readonly format: CompareFormat;
    readonly json?: boolean;
    readonly allowIncomplete?: boolean;
    readonly allowMixedModels?: boolean;
    readonly failUnder?: string;
    readonly margin?: string;
    readonly against?: string;
    readonly firstDraws?: boolean;
  },
): Promise<number> {
  const { scenario = [], category = [], tag = [], runs = [], at = [] } = options;
  refuseOutcomes(makeFilter(options));
  const filter = makeFilter({ scenario, category, tag, runs });
  if (at.length > 2)
    throw new CommandError('--at is given at most twice: as it was then, or from then to then');
  if (options.against !== undefined && at.length > 0)
    throw new CommandError('--against and --at exclude each other: --against is about the answers of today');
  if (options.firstDraws && (at.length > 0 || options.against !== undefined))
    throw new CommandError('--first-draws is about the answers of today: it takes no --at and no --against');
  const moreGate = readFailUnder(options.failUnder, options.scorer);
  if (moreGate.length > 0 && at.length > 0)
    throw new CommandError('--fail-under is about the answers of today, and --at about earlier ones');
  const margin = readMargin(options.margin, options.metric ?? 'score');
  const experiment = await openExperiment(io, options.file);
  using store = experiment.stores.read();
  notifyDiagnostics(io, store.diagnostics);
  const whole = chosenScorers(bookOfToday(experiment), options.scorer ?? []);
  const book = withoutPairs(whole);
  using against =
    options.against === undefined
      ? null
      : (await import('../../project/compare/against.ts')).openAgainst(options.against, {
          experiment,
          store,
          cwd: io.cwd,
        });
  const isNow = at.length === 0 && against === null;
  const asksPairs = (options.metric ?? 'score') === 'score' && (whole.pairs ?? []).length > 0;
  const onlyPairs = asksPairs && book.scorers.length === 0;
  if (onlyPairs) refuseForPairs(whole.scorers, { ...options, at: at.length > 0 });
  const input = gatherComparison({
    against: against && { ...against, book: withoutPairs(chosenScorers(against.book, options.scorer ?? [])) },
    ...{ experiment, store, book, filter },
    patterns: options.variants,
    metric: metricFor(options.metric ?? 'score', onlyPairs ? whole : book),
    by: options.by ?? null,
    isFirstDraws: options.firstDraws ?? false,
    margin,
    cluster: clusterFor(experiment, options.cluster),
    moments: at.map((text) => findMoment(store, text)),
    allowed: {
      incomplete: options.allowIncomplete ?? false,
      mixedModels: options.allowMixedModels ?? false,
    },
  });
  const ofArms = compareArms(input);
  const compared = onlyPairs ? withoutValues(ofArms) : ofArms;
  const preferences =
    asksPairs && isNow
      ? (await import('../../project/compare/preferences.ts')).gatherPreferences({
          ...{ experiment, store, book: whole, filter, arms: input.arms, cluster: input.cluster },
          isFirstDraws: options.firstDraws ?? false,
          allowIncomplete: options.allowIncomplete ?? false,
        })
      : null;
  const sheet = sheetOf(compared, { preferences, onlyPairs });
  const gated = await gateOfArms({
    ...{ io, experiment, store, filter, moreGate, place: placeWords(io) },
    arms: input.arms.filter((arm) => against === null || arm.at === null),
  });
  const format = options.json ? 'json' : options.format;
  if (isRefused(compared)) tellRefusal(io, compared);
  if (!isRefused(compared) || format === 'json')
    io.out.write(textOf(compared, { io, format, gated, sheet, preferences, onlyPairs }));
  if (format === 'table' && !isRefused(compared) && (options.scorer ?? []).length === 0 && against === null) {
    io.out.write(
      differingText(input, {
        scope: scopeWords(filter, io),
        columns: io.out.columns(),
        colors: io.out.colors,
      }),
    );
  }
  if (format === 'json') await tellGate(io, gated.gate ?? []);
  if (isGithub(io)) {
    const { tellGithub } = await import('../terminal/github.ts');
    const { gate = [] } = gated;
    const refused: Block = {
      ...{ kind: 'sentences', head: 'Not compared', tone: 'plain' },
      sentences: refusalSentences(compared.findings),
    };
    const summary = isRefused(compared) ? [refused] : [...sheet, ...gateBlocks(gate)];
    tellGithub(io, { experiment, notPassed: undefined, gate, summary });
  }
  const isOpen = isRefused(compared) || (preferences ?? []).some(({ found, pairs }) => pairs > 0 && !found);
  return exitWithGate(isOpen ? EXIT.incomplete : EXIT.complete, gated);
}

/** Of the arms that are compared; what they were earlier has no gate. */
async function gateOfArms(
  at: Pick<GateQuestion, 'experiment' | 'store' | 'filter' | 'moreGate' | 'place'> & {
    readonly io: Io;
    readonly arms: readonly Arm[];
  },
): Promise<Gated> {
  if (at.arms.some((arm) => arm.at !== null)) return {};
  const isEvery = at.experiment.manifest.variants.every(({ name }) =>
    at.arms.some((arm) => arm.variant === name),
  );
  const variant = isEvery ? [] : at.arms.map((arm) => arm.variant);
  return gateOf({
    ...{ ...at, filter: { ...at.filter, variant }, how: 'complete', isPartlyJudged: false },
    noticed: (diagnostics) => notifyDiagnostics(at.io, diagnostics),
  });
}

/** Numbers over cells that were chosen by how they came out would say what was chosen. */
function refuseOutcomes(filter: Filter): void {
  const [flag] = stateFlags(filter);
  if (flag === undefined) return;
  throw new CommandError(
    `compare takes no ${flag}: numbers over cells that are chosen by how they came out say what was chosen; npx expgraph show ${flag} shows these cells`,
  );
}

/** What every record has can be compared at once; scores have to be made first. */
function metricFor(metric: Metric, book: ScoreBook): Metric {
  if (!isJudged(metric) || book.scorers.length > 0) return metric;
  throw new CommandError(
    'nothing judges these answers, so there is no score to compare: give scenarios an `expect:` or declare `scorers:` in the manifest, then run `npx expgraph score`. ' +
      'What every record tells can be compared now: --metric tokens, --metric latency or --metric cost',
  );
}

/** A wish that nobody grants is said. */
function refuseForPairs(
  scorers: readonly string[],
  given: { readonly [option in 'at' | 'against' | 'by' | 'margin']?: unknown },
): void {
  const asked = (['at', 'against', 'by', 'margin'] as const).find((option) => Boolean(given[option]));
  if (asked === undefined) return;
  const why =
    asked === 'at' || asked === 'against'
      ? 'holds answers of today against answers of today'
      : 'says which of two answers is better, and gives no arm a number of its own';
  throw new CommandError(`${scorers.join(', ')} ${why}: it is compared without --${asked}`);
}

/** Where pairs alone are asked about, no arm has a number of its own, and none is missing. */
function withoutValues(compared: Compared): Compared {
  const findings = compared.findings.filter(({ kind }) => kind !== 'no-values' && kind !== 'unjudged');
  return { ...compared, findings };
}

/** Where nothing else judges, there is no other number of the arms. */
function sheetOf(
  compared: Compared,
  of: { readonly preferences: readonly Preference[] | null; readonly onlyPairs: boolean },
): readonly Block[] {
  if (isRefused(compared)) return [];
  if (of.preferences === null) return compareSheet(compared);
  const title = { kind: 'title', text: `${compared.experiment}: which answers are preferred` } as const;
  return [...(of.onlyPairs ? [title] : compareSheet(compared)), ...preferenceBlocks(of.preferences)];
}

function textOf(
  compared: Compared,
  of: {
    readonly io: Io;
    readonly format: CompareFormat;
    readonly gated: Gated;
    readonly sheet: readonly Block[];
    readonly preferences: readonly Preference[] | null;
    readonly onlyPairs: boolean;
  },
): string {
  const { io, format, gated, sheet, preferences } = of;
  const { gate = [] } = gated;
  const whole = [...sheet, ...gateBlocks(gate)];
  switch (format) {
    case 'json':
      return jsonLine({
        ...compareJson(compared),
        ...(of.onlyPairs ? { scorers: [], comparisons: [], conclusions: { can: [], cannot: [] } } : {}),
        ...(preferences === null ? {} : { preferences: preferences.map(preferenceJson) }),
        ...gated,
      });
    case 'markdown':
      return sheetMarkdown(whole);
    case 'html': {
      const foot = `expgraph compare, ${io.clock.now().toISOString().slice(0, 16).replace('T', ' ')} UTC`;
      return sheetHtml(whole, { title: `${compared.experiment}: compare`, foot });
    }
    case 'table': {
      const as = { columns: io.out.columns(), colors: io.out.colors };
      return sheetText(sheet, as) + (gate.length === 0 ? '' : `\n${gateText(gate, as)}`);
    }
  }
}

function tellRefusal(io: Io, { findings }: Compared): void {
  const refused = refusalSentences(findings);
  const options = [
    ...(findings.some(({ kind, severity }) => severity === 'refusal' && kind === 'incomplete')
      ? ['--allow-incomplete']
      : []),
    ...(findings.some(({ kind, severity }) => severity === 'refusal' && /models/.test(kind))
      ? ['--allow-mixed-models']
      : []),
  ];
  const lines = [
    ...refused.map((sentence) => typedHere(sentence, placeWords(io))),
    ...(options.length === 0
      ? []
      : [`To compare what is there all the same, with every number marked: ${options.join(' ')}.`]),
  ];
  const text = sheetText([{ kind: 'sentences', head: 'Not compared:', tone: 'plain', sentences: lines }], {
    columns: io.err.columns(),
    colors: io.err.colors,
  });
  io.err.write(text);
}
