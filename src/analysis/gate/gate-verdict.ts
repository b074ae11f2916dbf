// Whether a line of the gate holds, and the sentence that says so. Pure.
import type { GateLine } from '../../core/gate-line.ts';
import type { GateVerdict } from '../../core/summary.ts';
import { LACKS, type Lack } from '../compare/input.ts';
import type { GateAgainst, GateCell, GateEvidence, GateState } from './gate-evidence.ts';
import { type Counted, holdAgainst, holdsDifference, holdsNumber, measure } from './gate-numbers.ts';
import {
  brokenDifference,
  brokenNumber,
  cellsWords,
  command,
  compares,
  heldDifference,
  heldNumber,
  lackingWords,
  showsCells,
} from './gate-words.ts';

export type GateFinding = { readonly state: GateState; readonly verdict: GateVerdict };

export function decide(evidence: GateEvidence): GateFinding {
  return inFile(decided(evidence), evidence.file);
}

/** Commands are about the same manifest. */
function inFile({ state, verdict }: GateFinding, file: string): GateFinding {
  const { command: shown, sentence } = verdict;
  if (shown === undefined || file === '') return { state, verdict };
  return { state, verdict: { ...verdict, command: `${shown} ${file}`, sentence: `${sentence} ${file}` } };
}

function decided(evidence: GateEvidence): GateFinding {
  const { line, cells } = evidence;
  if (cells.length === 0 && evidence.filters.length > 0)
    return leftOut(line, 'the filters leave none of its cells');
  const lacking = cells.filter(({ lack }) => isIncomplete(lack));
  if (lacking.length > 0) return open(line, { cells, lacking, who: 'of' });
  const unscored = cells.filter(({ lack }) => lack === 'unscored');
  if (unscored.length > 0 && evidence.isPartlyJudged && !isOfPeople(line)) {
    return leftOut(line, `${lackingWords(unscored, cells.length)}; npx expgraph score judges them`);
  }
  if (unscored.length > 0) return open(line, { cells, lacking: unscored, who: 'of' });
  const silent = silenceOf(line, { cells, of: '' });
  if (silent !== null) return broken(line, { found: null, sentence: silent });
  const judged = cells.filter(({ lack }) => lack !== 'unjudged');
  const none = nothingToMeasure(evidence, judged);
  if (none !== null) return broken(line, { found: null, sentence: none });
  const counted = judged as readonly Counted[];
  return line.condition.kind === 'number'
    ? decideNumber(evidence, counted)
    : decideDifference(evidence, counted);
}

/** Where nothing is measured at all: damage, a stop. `mends` is a command. */
export function undecided(
  line: GateLine,
  input: { readonly why: string; readonly mends: readonly string[]; readonly file: string },
): GateFinding {
  const sentence = `${line.name} cannot be said (wanted: ${line.wanted}): ${input.why}`;
  return inFile(opened(line, { sentence, command: command(input.mends) }), input.file);
}

const INCOMPLETE: readonly GateCell['lack'][] = ['missing', 'stale', 'failed', 'archived'];

function isIncomplete(lack: GateCell['lack']): boolean {
  return INCOMPLETE.includes(lack);
}

/** Never a silent pass: what cannot be measured is broken, and says what would make it measurable. */
function nothingToMeasure(
  { line, cells, hasScorers }: GateEvidence,
  judged: readonly GateCell[],
): string | null {
  const { measure: what } = line.subject;
  const has = `${line.name} has to be ${line.wanted}, and`;
  if (cells.length === 0) return `${has} no cell is in its scope`;
  if (judged.length === 0 && !hasScorers) {
    return `${has} nothing judges these ${cellsWords(cells)}: give scenarios an "expect:", or declare "scorers:"`;
  }
  if (judged.length === 0) {
    const word = what === 'pass' ? 'pass or fail' : 'a score';
    const who =
      line.subject.scorers.length === 0 ? 'no scorer' : `${line.subject.scorers.join(' and ')} never`;
    return `${has} ${who} says ${word} of these ${cellsWords(cells)}`;
  }
  return untold(line, { cells: judged, of: '' });
}

/** Left out, they would be counted as if they were like the others. */
function silenceOf(
  line: GateLine,
  { cells, of }: { readonly cells: readonly GateCell[]; readonly of: string },
): string | null {
  const silent = cells.filter(({ lack }) => lack === 'silent').length;
  if (silent === 0) return null;
  const what = line.subject.measure === 'pass' ? 'pass or fail' : 'a score';
  return `${line.name} has to be ${line.wanted}, and of ${cellsWords(cells)}${of} ${silent} ${silent === 1 ? 'was' : 'were'} judged without ${what}, which other answers to the same scenarios have`;
}

/** An unknown number is never a zero. */
function untold(
  line: GateLine,
  { cells, of }: { readonly cells: readonly GateCell[]; readonly of: string },
): string | null {
  const { measure: what } = line.subject;
  const untold = cells.filter(
    ({ value, lack }) => value === null && lack !== 'unjudged' && lack !== 'silent',
  );
  if (untold.length === 0) return null;
  const hint = what === 'cost' ? ': write prices under providers.NAME.pricing and draw again' : '';
  const word =
    what === 'cost' ? 'what they cost' : what === 'tokens' ? 'what they used' : 'how long they took';
  return `${line.name} has to be ${line.wanted}, and ${untold.length} of ${cellsWords(cells)}${of} do not tell ${word}${hint}`;
}

function decideNumber({ line, filters, clusterOf }: GateEvidence, counted: readonly Counted[]): GateFinding {
  if (line.condition.kind !== 'number') throw new Error('a number is expected');
  const measured = measure(counted, line, clusterOf);
  const told = holdsNumber(measured, line.condition);
  const of = { line, filters, measured, cells: counted };
  if (told === null) return noInterval(line, measured.scenarios);
  if (told.holds) return held(line, told.number, heldNumber(of));
  return broken(line, { found: told.number, sentence: brokenNumber(of), command: showsCells(of) });
}

function decideDifference(evidence: GateEvidence, counted: readonly Counted[]): GateFinding {
  const { line, filters } = evidence;
  const against = evidence.against!;
  const { condition, subject } = line;
  if (condition.kind === 'number') throw new Error('something to be held against is expected');
  if (against.kind === 'none') {
    return broken(line, {
      found: null,
      sentence: `${line.name} has to be ${line.wanted}, and ${against.why}`,
    });
  }
  const isArm = condition.than.kind === 'variant' || condition.than.kind === 'imported';
  // Of earlier states and of what others drew, what is there counts.
  const isToday = condition.than.kind === 'variant';
  const lacking = isToday
    ? against.cells.filter(({ lack }) => isIncomplete(lack) || lack === 'unscored')
    : [];
  if (lacking.length > 0) return open(line, { cells: against.cells, lacking, who: `of ${against.name}` });
  const there = { cells: against.cells, of: ` of ${against.name}` };
  const silent = isToday ? (silenceOf(line, there) ?? untold(line, there)) : null;
  if (silent !== null) return broken(line, { found: null, sentence: silent });
  const other = against.cells.filter(counts);
  const found = holdAgainst({
    own: counted,
    other,
    sum: subject.sum,
    isArm,
    at: condition.at,
    isShare: subject.measure === 'pass' || subject.measure === 'score',
    clusterOf: evidence.clusterOf,
  });
  if (found === null) {
    const sentence = `${line.name} has to be ${line.wanted}, and no scenario has a number in both: ${whyApart(against, line)}`;
    return broken(line, { found: null, sentence });
  }
  const told = holdsDifference(found, { subject, condition });
  if (told === null) return noInterval(line, found.scenarios);
  const of = { line, filters, found, number: told.number, against, cells: counted };
  if (told.holds) return held(line, told.number, heldDifference(of));
  return broken(line, { found: told.number, sentence: brokenDifference(of), command: compares(of) });
}

function counts(cell: GateCell): cell is Counted {
  return cell.value !== null && (cell.lack === null || cell.lack === 'archived');
}

function whyApart({ cells, name }: Extract<GateAgainst, { kind: 'found' }>, { subject }: GateLine): string {
  const isJudged = subject.measure === 'pass' || subject.measure === 'score';
  if (isJudged && cells.some(({ lack }) => lack === 'unscored' || lack === 'unjudged'))
    return `today's scorers have not judged the answers of ${name}`;
  return `${name} has none of these`;
}

function noInterval(line: GateLine, scenarios: number): GateFinding {
  const why =
    scenarios === 1
      ? 'of one scenario no interval can be told'
      : `of ${scenarios} scenarios that are all alike no interval can be told`;
  return broken(line, { found: null, sentence: `${line.name} has to be ${line.wanted}, and ${why}` });
}

function verdictOf(line: GateLine, input: Omit<GateVerdict, 'name' | 'wanted'>): GateVerdict {
  return { name: line.name, wanted: line.wanted, ...input };
}

function held(line: GateLine, found: number, sentence: string): GateFinding {
  return { state: 'held', verdict: verdictOf(line, { found, held: true, sentence: `${sentence}.` }) };
}

function broken(
  line: GateLine,
  input: { readonly found: number | null; readonly sentence: string; readonly command?: string },
): GateFinding {
  return { state: 'broken', verdict: verdictOf(line, { held: false, ...input, ...said(input) }) };
}

/** A command ends the sentence as it is typed. */
function said({
  sentence,
  command: shown,
}: {
  readonly sentence: string;
  readonly command?: string;
}): Pick<GateVerdict, 'sentence' | 'command'> {
  return shown === undefined
    ? { sentence: `${sentence}.` }
    : { sentence: `${sentence}: ${shown}`, command: shown };
}

function open(
  line: GateLine,
  input: { readonly cells: readonly GateCell[]; readonly lacking: readonly GateCell[]; readonly who: string },
): GateFinding {
  const words = `${input.who === 'of' ? '' : `${input.who}, `}${lackingWords(input.lacking, input.cells.length)}`;
  const sentence = `${line.name} cannot be said (wanted: ${line.wanted}): ${words}`;
  return opened(line, { sentence, command: mend(input.lacking, line) });
}

function opened(line: GateLine, input: { readonly sentence: string; readonly command: string }): GateFinding {
  return {
    state: 'open',
    verdict: verdictOf(line, { found: null, held: false, unsaid: true, ...said(input) }),
  };
}

/** No command judges these: people do. */
function isOfPeople({ subject }: GateLine): boolean {
  return subject.scorers.some((name) => name.startsWith('human.'));
}

function leftOut(line: GateLine, why: string): GateFinding {
  const sentence = `${line.name} is not measured (wanted: ${line.wanted}): ${why}.`;
  return {
    state: 'left-out',
    verdict: verdictOf(line, { found: null, held: false, unsaid: true, sentence }),
  };
}

/** What brings the most of it. */
function mend(lacking: readonly GateCell[], line: GateLine): string {
  const lacks = new Set(lacking.map(({ lack }) => lack));
  const [first] = LACKS.filter((lack: Lack) => lacks.has(lack));
  if (first === 'unscored') return command(isOfPeople(line) ? ['review', 'start', '--unread'] : ['score']);
  if (first === 'archived') return command(['gc', '--restore']);
  return first === 'failed' ? command(['run', '--failed']) : command(['run']);
}
