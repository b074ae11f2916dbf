// Where GitHub Actions runs a command: annotations at the scenarios of cells that did not pass, and a job summary. Nothing of
// it is on stdout where that is JSON.
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { annotationLine } from '../../core/workflow-commands.ts';
import type { Experiment } from '../../project/open/experiment.ts';
import { type AnnotationInput, annotationsOf } from '../../report/run/annotations.ts';
import type { Block } from '../../text/sheet.ts';
import { sheetMarkdown } from '../../text/sheet-markdown.ts';
import { type Io, isGithub } from '../io.ts';

type Told = Omit<AnnotationInput, 'placeOf'> & {
  /** Knows where scenarios stand; null where no cell is told of. */
  readonly experiment: Pick<Experiment, 'manifest' | 'scenarioIndex'> | null;
  readonly summary: readonly Block[];
};

export function tellGithub(io: Io, { experiment, notPassed, gate, summary }: Told): void {
  if (!isGithub(io)) return;
  const root = io.env.GITHUB_WORKSPACE ?? io.cwd;
  const placeOf: AnnotationInput['placeOf'] = (scenario) => {
    const index = experiment?.scenarioIndex.get(scenario);
    const source = index === undefined ? undefined : experiment?.manifest.scenarios[index]?.source;
    const file = source && path.relative(root, source.file).split(path.sep).join('/');
    return { file: file ?? null, line: source?.line ?? null };
  };
  for (const one of annotationsOf({ notPassed, gate, placeOf })) io.err.raw(annotationLine(one));
  appendSummary(io, summary);
}

export function appendSummary(io: Io, blocks: readonly Block[]): void {
  if (blocks.length > 0) appendSummaryText(io, `${sheetMarkdown(blocks)}\n`);
}

/** What cannot be written is a pity and no reason to fail. @param text Markdown of ours */
export function appendSummaryText(io: Io, text: string): void {
  const file = io.env.GITHUB_STEP_SUMMARY;
  if (!isGithub(io) || file === undefined || file === '') return;
  try {
    appendFileSync(file, io.clean(text));
  } catch (cause) {
    io.err.write(`expgraph: the job summary cannot be written: ${(cause as Error).message}\n`);
  }
}
