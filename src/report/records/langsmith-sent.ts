// What `langsmith push`, `sync` and `feedback` print. Pure.
import { sanitizeLine } from '../../core/text.ts';

export type SentTraces = {
  readonly sent: number;
  readonly present: number;
  readonly rejected: number;
  readonly refusedBefore: number;
  readonly held: number;
  readonly feedback: { readonly said: number; readonly sent: number; readonly traceless: number };
};

export function sentLine({ sent, present, rejected, held, refusedBefore, feedback }: SentTraces): string {
  const parts = [`${sent} sent`];
  if (present > 0) parts.push(`${present} were there already`);
  if (rejected > 0) parts.push(`${rejected} refused`);
  if (refusedBefore > 0) parts.push(`${refusedBefore} refused before (--rejected tries them again)`);
  if (held > 0) parts.push(`${held} held back`);
  if (feedback.said > 0) parts.push(`feedback: ${feedback.sent} of ${feedback.said} sent`);
  if (feedback.traceless > 0) parts.push(`${feedback.traceless} wait for their traces`);
  return `LangSmith: ${parts.join(', ')}\n`;
}

/** What is said of it on stderr. */
export function unsentLines(problems: readonly string[]): string {
  const lines = problems.map((problem) => `expgraph: ${sanitizeLine(problem)}\n`);
  return `${lines.join('')}\`npx expgraph langsmith status\` shows what waits and why.\n`;
}

export type SyncedResults = {
  readonly dataset: string;
  readonly examples: number;
  readonly experiments: readonly {
    readonly variant: string;
    readonly results: number;
    readonly added: number;
  }[];
  readonly doubled: number;
  readonly leftOut: number;
};

export function syncedText({ dataset, examples, experiments, doubled, leftOut }: SyncedResults): string {
  let text = `dataset ${sanitizeLine(dataset)}: ${examples} examples\n`;
  for (const { variant, results, added } of experiments)
    text += `experiment of ${sanitizeLine(variant)}: ${results} results, ${added} of them new\n`;
  if (doubled > 0)
    text += `${doubled} of them have a trace in a project already: LangSmith counts both. Traced with \`experiments: true\` a result has one; \`second_roots: false\` uploads no second one.\n`;
  if (leftOut > 0)
    text += `${leftOut} results have a trace in a project and get no second one (second_roots: false): they are in no experiment.\n`;
  return text;
}
