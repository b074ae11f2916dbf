// A report that fits where GitHub shows it: a job summary takes 1 MiB, a comment on a pull request 65,536 characters. What stands
// above is told in full; texts give way from the end. Pure.
import { escapeMarkdown } from '../../text/sheet-markdown.ts';
import type { Differing } from './differing.ts';
import type { DocumentPart, ReportDocument } from './document.ts';
import { folded } from './fence.ts';
import { blocksMarkdown, headMarkdown, oneDiffering, partMarkdown } from './markdown.ts';

/** Of a comment; whatever counts the mark at its beginning, which finds the comment again, is left room for. */
export const MOST_CHARS = 65_000;

/** Of one answer: whoever wants all of it has the file. */
const MOST_ANSWER = 1_200;

export function documentGithub(document: ReportDocument): string {
  const part = (id: DocumentPart['id']): DocumentPart => document.parts.find((one) => one.id === id)!;
  const pieces = [
    ...headMarkdown(document).map((text) => text.replace(/^# /, '## ')),
    partMarkdown(withoutPlots(part('results')), 3),
    folded('Consistency: whether every run says the same', inner(part('consistency'))),
    folded('Method: how it was asked', inner(part('method'))),
    folded('Provenance: where the numbers come from', inner(part('provenance'))),
  ];
  const shown = fitting(pieces);
  if (shown.left > 0) return end(shown.text, [...names(pieces.length - shown.left), 'everything else']);
  return withDiffering(shown.text, document.differing);
}

/** As many scenarios as there is room for; the rest is named. */
function withDiffering(text: string, differing: readonly Differing[]): string {
  let all = text;
  for (const [i, one] of differing.entries()) {
    const piece = folded(`${one.scenario}: ${one.why}`, oneDiffering(cut(one), ''));
    if (all.length + piece.length + ROOM > MOST_CHARS)
      return end(
        all,
        differing.slice(i).map(({ scenario }) => scenario),
      );
    all += `\n${piece}`;
  }
  return end(all, []);
}

/** For the last sentence. */
const ROOM = 1_000;

function end(text: string, left: readonly string[]): string {
  const some = left.slice(0, 8).map((name) => escapeMarkdown(name.slice(0, 80)));
  const more = left.length > some.length ? ` and ${left.length - some.length} more` : '';
  const cutWords =
    left.length === 0 ? '' : `Left out, because a comment holds no more: ${some.join(', ')}${more}. `;
  return `${text}\n${cutWords}Every transcript is in the file that \`npx expgraph report\` writes.\n`;
}

function fitting(pieces: readonly string[]): { readonly text: string; readonly left: number } {
  let text = '';
  for (const [i, piece] of pieces.entries()) {
    if (text.length + piece.length + ROOM > MOST_CHARS) return { text, left: pieces.length - i };
    text += `${i === 0 ? '' : '\n'}${piece}`;
  }
  return { text, left: 0 };
}

function names(shown: number): readonly string[] {
  return shown < 4 ? ['results'] : [];
}

function withoutPlots(part: DocumentPart): DocumentPart {
  return { ...part, blocks: part.blocks.filter(({ kind }) => kind !== 'plot') };
}

function inner(part: DocumentPart): string {
  return blocksMarkdown(withoutPlots(part).blocks, 4).join('\n');
}

function cut(one: Differing): Differing {
  const short = (text: string): string =>
    text.length > MOST_ANSWER ? `${text.slice(0, MOST_ANSWER)}…` : text;
  return {
    ...one,
    arms: one.arms.map(({ variant, answers }) => ({
      variant,
      answers: answers.map((answer) => ({
        ...answer,
        text: answer.text === null ? null : short(answer.text),
        notes: answer.notes.map(({ who, text }) => ({ who, text: short(text) })),
      })),
    })),
  };
}
