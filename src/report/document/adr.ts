// A decision record in Markdown: everything that is known is filled in, and the decision is left to people. Pure.
import { escapeMarkdown } from '../../text/sheet-markdown.ts';
import type { DocumentPart, ReportDocument } from './document.ts';
import type { ReportFacts } from './facts.ts';
import { folded } from './fence.ts';
import { blocksMarkdown, oneDiffering } from './markdown.ts';

/** Scenarios in full; the report has the others. */
const MOST = 5;

export function decisionRecord(document: ReportDocument, facts: ReportFacts): string {
  const { title, description, warnings, madeAt } = document;
  const part = (id: DocumentPart['id']): readonly string[] =>
    blocksMarkdown(
      document.parts.find((one) => one.id === id)!.blocks.filter(({ kind }) => kind !== 'plot'),
      3,
    );
  const arms = facts.arms.map(({ variant }) => escapeMarkdown(variant));
  return [
    `# ${escapeMarkdown(title.replace(/: report$/, ''))}\n`,
    `Status: proposed. Date: ${madeAt.slice(0, 10)}. Deciders: \n`,
    '## Context\n',
    ...(description === null ? [] : [`${escapeMarkdown(description)}\n`]),
    `Held against each other: ${arms.join(', ')}.\n`,
    ...(warnings.length === 0 ? [] : [warnings.map((text) => `> **${escapeMarkdown(text)}**\n`).join('>\n')]),
    '## Method\n',
    ...part('method'),
    '## Results\n',
    ...part('results'),
    '## Consistency\n',
    ...part('consistency'),
    '## Evidence\n',
    ...(document.differing.length === 0
      ? [
          facts.arms.length < 2
            ? 'There is one arm: nothing is held against it.\n'
            : 'The arms answered alike in every scenario.\n',
        ]
      : document.differing
          .slice(0, MOST)
          .map((one) => folded(`${one.scenario}: ${one.why}`, oneDiffering(one, '')))),
    ...part('provenance'),
    '## Decision\n',
    '_To be written by those who decide._\n',
    '## Consequences\n',
    '_To be written by those who decide._\n',
  ].join('\n');
}
