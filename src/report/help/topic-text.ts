// A topic of `expgraph help` as text of eighty columns. Pure.
import { unreachable } from '../../core/result.ts';
import { wrapWords } from '../../text/wrap.ts';
import { TOPICS } from './topics.ts';

const COLUMNS = 80;

/** What a topic is made of: rows of the tables that the program itself goes by. */
export type TopicRows =
  | { readonly topic: 'errors'; readonly failures: readonly FailureRow[] }
  | { readonly topic: 'exit-codes' | 'filters' | 'manifest'; readonly rows: readonly NamedRow[] };

export type FailureRow = {
  readonly kind: string;
  readonly again: string;
  readonly means: string;
  readonly advice: string;
};

/** A name, and words that are broken below themselves. */
export type NamedRow = readonly [name: string, words: string];

export function topicText(of: TopicRows): string {
  return `${sentence(`expgraph help ${of.topic}: ${TOPICS[of.topic]}`)}\n\n${bodyOf(of)}`;
}

function bodyOf(of: TopicRows): string {
  switch (of.topic) {
    case 'errors':
      return failuresText(of.failures);
    case 'exit-codes':
      return rows(of.rows);
    case 'filters':
      return filtersText(of.rows);
    case 'manifest':
      return `${rows(of.rows)}
Whole: expgraph schema (editors complete from it). A manifest to begin with:
expgraph init. Mistakes are shown with their lines: expgraph plan
`;
    default:
      return unreachable(of);
  }
}

function failuresText(failures: readonly FailureRow[]): string {
  const each = failures.map(({ kind, again, means, advice }) => {
    return `${kind} (${again})\n${indented(means)}\n${indented(`-> ${advice}`)}\n`;
  });
  return `${each.join('')}
Which cells failed, and why: expgraph run --failed --dry-run, expgraph show CELL
`;
}

const FILTER_WORDS = [
  'A task is one variant, one scenario, one run. A filter is a glob over names: * is any text, ? one character, so quote it for the shell. A filter given twice means either; different filters mean both.',
  'What is left out stays as it is: no filter deletes or changes a record. A filter that matches nothing is a mistake, and says which names there are.',
] as const;

const FILTER_EXAMPLES = [
  "expgraph run --scenario 'ambiguous:*' --variant applike",
  'expgraph run --runs 1,3-5',
  'expgraph run --failed',
  'expgraph run --shard 2/4',
] as const;

function filtersText(filters: readonly NamedRow[]): string {
  const words = FILTER_WORDS.map((one) => `${sentence(one)}\n`).join('\n');
  return `${words}\n${rows(filters)}\nExamples:\n${FILTER_EXAMPLES.map((line) => `  $ ${line}\n`).join('')}`;
}

function sentence(text: string): string {
  return wrapWords(text, { columns: COLUMNS, indent: '' });
}

function indented(text: string): string {
  return wrapWords(text, { columns: COLUMNS - 4, indent: '' })
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

function rows(of: readonly NamedRow[]): string {
  const width = Math.max(...of.map(([name]) => name.length));
  return of
    .map(([name, words]) => {
      const lines = wrapWords(words, { columns: COLUMNS - width - 4, indent: '' }).split('\n');
      return lines
        .map((line, at) => `  ${(at === 0 ? name : '').padEnd(width)}  ${line}`.trimEnd())
        .join('\n');
    })
    .map((row) => `${row}\n`)
    .join('');
}
