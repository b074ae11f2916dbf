// A topic of `expgraph help` as text of eighty columns.
import { unreachable } from '../../core/result.ts';
import { wrapWords } from '../../text/wrap.ts';
import { errorRows } from './errors.ts';
import { exitRows } from './exit-codes.ts';
import { FILTER_EXAMPLES, FILTER_WORDS, filterRows } from './filters.ts';
import { fieldRows } from './manifest-fields.ts';
import { TOPICS, type Topic } from './topics.ts';

const COLUMNS = 80;

export function topicText(topic: Topic): string {
  return `${sentence(`expgraph help ${topic}: ${TOPICS[topic]}`)}\n\n${bodyOf(topic)}`;
}

function bodyOf(topic: Topic): string {
  switch (topic) {
    case 'errors':
      return errorsText();
    case 'exit-codes':
      return rows(exitRows().map(({ code, means }) => [String(code), means]));
    case 'filters':
      return filtersText();
    case 'manifest':
      return `${rows(fieldRows().map(({ field, means }) => [field, means]))}
Whole: expgraph schema (editors complete from it). A manifest to begin with:
expgraph init. Mistakes are shown with their lines: expgraph plan
`;
    default:
      return unreachable(topic);
  }
}

function errorsText(): string {
  const each = errorRows().map(({ kind, again, means, advice }) => {
    return `${kind} (${again})\n${indented(means)}\n${indented(`-> ${advice}`)}\n`;
  });
  return `${each.join('')}
Which cells failed, and why: expgraph run --failed --dry-run, expgraph show CELL
`;
}

function filtersText(): string {
  const words = FILTER_WORDS.map((one) => `${sentence(one)}\n`).join('\n');
  const options = rows(filterRows().map(({ flags, means }) => [flags, means]));
  return `${words}\n${options}\nExamples:\n${FILTER_EXAMPLES.map((line) => `  $ ${line}\n`).join('')}`;
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

/** Two columns: a name, and words that are broken below themselves. */
function rows(of: readonly (readonly [name: string, words: string])[]): string {
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
