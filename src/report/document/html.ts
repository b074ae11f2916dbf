// What of a report is read where no script runs: the same parts as HTML without script, style or event attributes, every text of others
// escaped. The page takes its place where it can. Pure.
import { runsWords } from '../../core/run-list.ts';
import { sanitizeBlock } from '../../core/text.ts';
import { escapeHtml } from '../../text/sheet-escape.ts';
import { drawPlot } from '../plot/draw.ts';
import { svgText } from '../plot/svg.ts';
import type { Differing } from './differing.ts';
import type { DocumentBlock, ReportDocument } from './document.ts';
import type { ScenarioFacts } from './facts.ts';
import { tableHtml } from './table-html.ts';
import { answerText, drawText, drawWords, inputText, markWords, noteLines } from './transcript.ts';

/** Texts stand in the data of the page as well: where there are many, they stand there alone. */
const MOST_CHARS = 1_500_000;

export function documentHtml(document: ReportDocument): string {
  const { title, description, madeAt, warnings, parts, differing } = document;
  const [results, ...others] = parts;
  return [
    '<main class="page report">',
    `<h1>${escapeHtml(title)}</h1>`,
    ...(description === null ? [] : [`<p>${escapeHtml(description)}</p>`]),
    `<p class="muted">Made ${escapeHtml(madeAt)} by expgraph. The page below this line of text needs its script to search and to sort; everything that it says can be read here without.</p>`,
    ...warnings.map((text) => `<p class="notice warn"><strong>${escapeHtml(text)}</strong></p>`),
    partHtml(results!.heading, results!.blocks),
    ...(differing.length === 0
      ? []
      : ['<h2>Where the arms differ most</h2>', ...differing.map(differingHtml)]),
    ...others.map(({ heading, blocks }) => partHtml(heading, blocks)),
    ...transcriptsHtml(document),
    '</main>',
  ].join('\n');
}

function partHtml(heading: string, blocks: readonly DocumentBlock[]): string {
  return [`<h2>${escapeHtml(heading)}</h2>`, ...blocks.map(blockHtml)].join('\n');
}

function blockHtml(block: DocumentBlock): string {
  const head = (text: string | null): string => (text === null ? '' : `<h3>${escapeHtml(text)}</h3>`);
  switch (block.kind) {
    case 'title':
      return head(block.text);
    case 'table':
      return `<section class="sheet-part">${head(block.head)}${tableHtml(block.columns, block.rows)}</section>`;
    case 'sentences':
      return `<section class="sheet-part sheet-${block.tone}">${head(block.head)}${block.sentences.map((text) => `<p>${escapeHtml(text)}</p>`).join('')}</section>`;
    case 'list': {
      const items = block.items.map(
        ({ name, note }) => `<li><code>${escapeHtml(name)}</code> ${escapeHtml(note)}</li>`,
      );
      const more = block.more > 0 ? `<li>and ${block.more} more</li>` : '';
      return `<section class="sheet-part">${head(block.head)}<ul>${items.join('')}${more}</ul></section>`;
    }
    case 'code':
      return preHtml(block.text);
    case 'plot': {
      const { plot } = block;
      return `<figure class="plot-figure"><figcaption>${escapeHtml(plot.title)}</figcaption>${svgText(drawPlot(plot))}<details class="plot-table"><summary>As a table</summary>${tableHtml(plot.columns, plot.rows)}</details></figure>`;
    }
  }
}

function differingHtml({ scenario, why, input, arms }: Differing): string {
  const answers = arms.flatMap(({ variant, answers }) =>
    answers.map(({ runs, mark, score, notes, ...answer }) => {
      const scored = score === null ? '' : `, score ${score.toFixed(3)}`;
      const said = notes.map(({ who, text }) => `${who}: ${text}`).join('\n');
      return `<p><strong>${escapeHtml(variant)}</strong>, run ${escapeHtml(runsWords(runs))}: ${markWords(mark)}${scored}</p>${preHtml(answerText(answer))}${said === '' ? '' : preHtml(said)}`;
    }),
  );
  return `<details><summary>${escapeHtml(scenario)}: ${escapeHtml(why)}</summary>${preHtml(inputText(input))}${answers.join('\n')}</details>`;
}

function transcriptsHtml({ transcripts, left }: ReportDocument): readonly string[] {
  const shown: string[] = [];
  let chars = 0;
  for (const one of transcripts) {
    const text = transcriptHtml(one);
    chars += text.length;
    if (chars > MOST_CHARS) break;
    shown.push(text);
  }
  const beyond = transcripts.length - shown.length;
  return [
    '<h2>Transcripts</h2>',
    ...shown,
    ...(beyond === 0 ? [] : [`<p>${beyond} more are shown by the page alone, which needs its script.</p>`]),
    ...(left === 0 ? [] : [`<p>Transcripts of ${left} more scenarios are not in this file.</p>`]),
  ];
}

function transcriptHtml({ scenario, description, input, expect, arms }: ScenarioFacts): string {
  const draws = arms.flatMap(({ variant, runs }) =>
    runs.map((draw) => {
      const notes = noteLines(draw);
      return `<p><strong>${escapeHtml(variant)}</strong>, run ${draw.run}: ${escapeHtml([drawWords(draw), draw.record ?? ''].join(' · '))}</p>${preHtml(drawText(draw))}${notes.length === 0 ? '' : preHtml(notes.join('\n'))}`;
    }),
  );
  return `<details><summary>${escapeHtml(scenario)}</summary>${description === null ? '' : `<p>${escapeHtml(description)}</p>`}${preHtml(inputText(input))}${
    expect === null ? '' : `<p>Expected:</p>${preHtml(JSON.stringify(expect, null, 2))}`
  }${draws.join('\n')}</details>`;
}

/** On several lines, each escaped as one. */
function preHtml(text: string): string {
  return `<pre>${sanitizeBlock(text).split('\n').map(escapeHtml).join('\n')}</pre>`;
}
