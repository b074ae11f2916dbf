// What to try next: the two to four commands that fit how a run ended. Pure.
import type { RunSummary } from '../core/summary.ts';
import { displayWidth, sanitizeLine } from '../core/text.ts';
import { makeColors } from './colors.ts';
import { formatAmount } from './format.ts';
import type { TextOptions } from './table.ts';

export type Step = { readonly command: string; readonly does: string };

/** The user's own manifest and filters, as commands that go on with them need them: each '' or with a space before. */
export type ScopeWords = {
  /** Which folder and manifest, and no cells. */
  readonly place: string;
  /** And which cells, of whichever variants. */
  readonly cells: string;
  /** And which variants. */
  readonly named: string;
  /** And what became of them. */
  readonly all: string;
};

export const WHOLE_SCOPE: ScopeWords = { place: '', cells: '', named: '', all: '' };

export function nextSteps(summary: RunSummary, scope: ScopeWords = WHOLE_SCOPE): readonly Step[] {
  return [...mend(summary, scope), ...look(summary, scope)].slice(0, 4);
}

/** What shows each of them, answer, reasons and all. */
export function showStep(scope: ScopeWords): Step {
  return {
    command: `npx expgraph show --not-passed${scope.named}`,
    does: 'all of them, with answers and reasons',
  };
}

/** What follows where the cells of one shard are there: numbers are those of all. */
export function mergeStep({ place }: ScopeWords): Step {
  return {
    command: `npx expgraph merge${place} SHARD...`,
    does: 'with the stores of the other shards; then compare',
  };
}

export function commandLines(steps: readonly Step[], options: TextOptions): string {
  const colors = makeColors(options.colors);
  const width = Math.max(...steps.map(({ command }) => displayWidth(command)));
  const fits = steps.every(({ does }) => width + displayWidth(does) + 6 <= options.columns);
  const lines = steps.map(({ command, does }) => {
    const padding = ' '.repeat(width - displayWidth(command));
    const why = colors.dim(`# ${does}`);
    return fits ? `  ${colors.note(command)}${padding}  ${why}` : `  ${why}\n  ${colors.note(command)}`;
  });
  return `Next:\n${lines.join('\n')}\n`;
}

/** What brings an unfinished run to its end. */
function mend(summary: RunSummary, scope: ScopeWords): readonly Step[] {
  const missing = formatAmount(summary.missing, 'task');
  const steps: Step[] = [];
  if (summary.how === 'damaged') {
    return [
      {
        command: `npx expgraph fsck${scope.place}`,
        does: 'what is damaged; what was reported as done is kept',
      },
    ];
  }
  if (summary.how === 'halted' && summary.missing > 0) {
    steps.push({ command: `npx expgraph doctor${scope.place}`, does: 'check the key and the endpoint' });
  }
  if (summary.failed > 0) {
    // Where they stand above, with the command that shows them, they are not offered again.
    if (!summary.not_passed) {
      steps.push({
        command: `npx expgraph plan --failed${scope.named}`,
        does: `which cells failed: ${formatAmount(summary.failed, 'task')}`,
      });
    }
    // Where each has an older answer that one counts: nothing is missing, and only who insists asks again.
    const force = summary.complete ? '--force ' : '';
    steps.push({ command: `npx expgraph run ${force}--failed${scope.named}`, does: 'try only those again' });
  }
  if (summary.go_on) {
    const { command, tasks } = summary.go_on;
    const does = `go on: ${formatAmount(tasks, 'task')} left${budgetWords(summary)}`;
    steps.push({ command: `npx ${sanitizeLine(command)}`, does });
  } else if (summary.missing > 0) {
    const does = `go on: ${missing} missing${budgetWords(summary)}`;
    steps.push({ command: `npx expgraph run${scope.all}`, does });
  }
  return steps;
}

/** The budget is one of an invocation: the next one has it again, and a larger one where it held not one call. */
function budgetWords({ how, executed }: RunSummary): string {
  if (how !== 'budget-reached') return '';
  return executed > 0 ? ', with as much budget again' : ', with a higher --budget-usd';
}

function look(summary: RunSummary, scope: ScopeWords): readonly Step[] {
  const steps: Step[] = [];
  if (summary.how === 'damaged') return steps;
  if (summary.complete && summary.failed === 0) {
    steps.push({
      command: `npx expgraph plan --explain${scope.named}`,
      does: 'what an edit would run again',
    });
  } else {
    steps.push({
      command: `npx expgraph status${scope.named}`,
      does: 'which cells are there, which are not',
    });
  }
  if ((summary.scores?.missing ?? 0) > 0) {
    const missing = formatAmount(summary.scores!.missing, 'score');
    steps.unshift({
      command: `npx expgraph score${scope.named}`,
      does: `judge what is drawn: ${missing} missing`,
    });
  }
  if (summary.scope.shard !== undefined && summary.complete) return [...steps, mergeStep(scope)];
  const arms = [...new Set(summary.variants.map(({ variant }) => variant))];
  if (summary.scores && summary.complete && arms.length > 1) {
    const [first, second] = arms.map((name) => quoteWord(sanitizeLine(name)));
    steps.push({
      command: `npx expgraph compare ${first} ${second}${scope.cells}`,
      does: 'do they differ? with intervals and tests',
    });
  }
  steps.push({ command: `npx expgraph history${scope.place}`, does: 'every record of every cell' });
  const first = summary.variants[0];
  if (summary.complete && first) {
    steps.push({
      command: `npx expgraph run --force --variant ${quoteWord(sanitizeLine(first.variant))}${scope.cells}`,
      does: 'draw it again, keep the old',
    });
  }
  return steps;
}

/**
 * A sentence of ours that names commands, with what each needs to mean the same manifest when it is pasted. Not for text
 * in which others speak.
 * @param place '' or with a space before
 */
export function typedHere(sentence: string, place: string): string {
  if (place === '') return sentence;
  const folders = place.replace(/ -f .*$/s, '');
  return sentence.replace(COMMAND, (found: string, command: string, at: number) => {
    const words = WITHOUT_FILE.has(command) ? folders : place;
    // Who wrote the sentence may have known it.
    return sentence.startsWith(words, at + found.length) ? found : found + words;
  });
}

const COMMAND = /npx expgraph ((?:langsmith )?[a-z]+)/g;
const WITHOUT_FILE: ReadonlySet<string> = new Set(['init', 'help', 'schema', 'completion', 'sim']);

/** As a shell takes it: names of a matrix hold brackets. */
export function quoteWord(word: string): string {
  return /^[\w.:@/=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
