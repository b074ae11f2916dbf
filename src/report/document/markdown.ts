// A report as one document of Markdown. Texts of models stand in fences, names of others are escaped. Pure.
import { runsWords } from '../../core/run-list.ts';
import { escapeMarkdown, sheetMarkdown } from '../../text/sheet-markdown.ts';
import type { Differing } from './differing.ts';
import type { DocumentBlock, DocumentPart, ReportDocument } from './document.ts';
import type { DrawFacts, ScenarioFacts } from './facts.ts';
import { fenced, folded } from './fence.ts';
import { answerText, drawText, drawWords, inputText, markWords, noteLines } from './transcript.ts';

export function documentMarkdown(document: ReportDocument): string {
  const [results, ...others] = document.parts.map(withoutTold);
  return [
    ...headMarkdown(document),
    partMarkdown(results!),
    ...differingMarkdown(document.differing),
    ...others.map((part) => partMarkdown(part)),
    ...transcriptsMarkdown(document),
  ].join('\n');
}

/** Pictures of numbers that stand in tables above are not told twice. */
function withoutTold(part: DocumentPart): DocumentPart {
  const isTold = (block: DocumentBlock): boolean =>
    block.kind === 'plot' && ['arms', 'differences'].includes(block.plot.id);
  return { ...part, blocks: part.blocks.filter((block) => !isTold(block)) };
}

export function headMarkdown({ title, description, madeAt, warnings }: ReportDocument): readonly string[] {
  return [
    `# ${escapeMarkdown(title)}\n`,
    ...(description === null ? [] : [`${escapeMarkdown(description)}\n`]),
    `Made ${madeAt} by expgraph.\n`,
    ...(warnings.length === 0 ? [] : [warnings.map((text) => `> **${escapeMarkdown(text)}**\n`).join('>\n')]),
  ];
}

/** @param depth of its heading; those of its blocks are below it */
export function partMarkdown({ heading, blocks }: DocumentPart, depth = 2): string {
  return [`${'#'.repeat(depth)} ${heading}\n`, ...blocksMarkdown(blocks, depth + 1)].join('\n');
}

export function blocksMarkdown(blocks: readonly DocumentBlock[], depth: number): readonly string[] {
  return blocks.map((block) => blockMarkdown(block, depth)).filter((text) => text !== '');
}

function blockMarkdown(block: DocumentBlock, depth: number): string {
  const head = (text: string | null): string =>
    text === null ? '' : `${'#'.repeat(depth)} ${escapeMarkdown(text)}\n\n`;
  switch (block.kind) {
    case 'plot': {
      const { title, words, columns, rows } = block.plot;
      const table = sheetMarkdown([{ kind: 'table', head: null, columns, rows: rows.slice(0, MOST_ROWS) }]);
      return `${head(title)}${escapeMarkdown(words)}\n\n${folded('as a table', table)}`;
    }
    case 'code':
      return fenced(block.text);
    case 'title':
      return head(block.text);
    case 'list': {
      const list = sheetMarkdown([{ ...block, head: '' }]);
      return head(block.head) + list.slice(list.indexOf('\n\n') + 2);
    }
    default:
      // A heading alone is of the block below it.
      return `${head(block.head)}${sheetMarkdown([{ ...block, head: null }])}`.replace(/\n\n$/, '\n');
  }
}

/** The plot's own sentence says the rest. */
const MOST_ROWS = 200;

export function differingMarkdown(all: readonly Differing[]): readonly string[] {
  if (all.length === 0) return [];
  return ['## Where the arms differ most\n', ...all.map((one) => oneDiffering(one))];
}

export function oneDiffering(
  { scenario, why, input, arms }: Differing,
  head = `### ${escapeMarkdown(scenario)}\n`,
): string {
  const answers = arms.flatMap(({ variant, answers }) =>
    answers.map(({ runs, mark, score, notes, ...answer }) => {
      const scored = score === null ? '' : `, score ${score.toFixed(3)}`;
      const said =
        notes.length === 0 ? '' : fenced(notes.map(({ who, text }) => `${who}: ${text}`).join('\n'));
      return `**${escapeMarkdown(variant)}**, run ${runsWords(runs)}: ${markWords(mark)}${scored}\n\n${fenced(answerText(answer))}${said === '' ? '' : `\n${said}`}`;
    }),
  );
  return [head, `${escapeMarkdown(why)}\n`, fenced(inputText(input)), ...answers].join('\n');
}

function transcriptsMarkdown({ transcripts, left }: ReportDocument): readonly string[] {
  const rest =
    left === 0 ? [] : [`Transcripts of ${left} more scenarios are left out (--only-differences).\n`];
  return ['## Transcripts\n', ...transcripts.map(oneTranscript), ...rest];
}

function oneTranscript({ scenario, description, input, expect, arms }: ScenarioFacts): string {
  const draws = arms.flatMap(({ variant, runs }) =>
    runs.map((draw) => {
      const notes = noteLines(draw);
      return [
        `**${escapeMarkdown(variant)}**, run ${draw.run}: ${escapeMarkdown(drawWords(draw))}${recordWords(draw)}\n`,
        fenced(drawText(draw)),
        ...(notes.length === 0 ? [] : [fenced(notes.join('\n'))]),
      ].join('\n');
    }),
  );
  const inside = [
    ...(description === null ? [] : [`${escapeMarkdown(description)}\n`]),
    fenced(inputText(input)),
    ...(expect === null ? [] : [`Expected:\n`, fenced(JSON.stringify(expect, null, 2), 'json')]),
    ...draws,
  ].join('\n');
  return folded(scenario, inside);
}

/** A key and its generation are ours: nothing in them is to be escaped. */
function recordWords({ record }: Pick<DrawFacts, 'record'>): string {
  return record !== null && /^[0-9a-f]+@\d+$/.test(record) ? ` · \`${record}\`` : '';
}
