// Where GitHub Actions runs a command: annotations at the scenarios of cells that did not pass, and a job summary. Nothing of
// it is on stdout where that is JSON.
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { GateVerdict, NotPassed } from '../../core/summary.ts';
import { sanitizeLine } from '../../core/text.ts';
import { type Annotation, annotationLine } from '../../core/workflow-commands.ts';
import type { Experiment } from '../../project/open/experiment.ts';
import type { Block } from '../../text/sheet.ts';
import { sheetMarkdown } from '../../text/sheet-markdown.ts';
import { type Io, isGithub } from '../io.ts';

/** GitHub shows ten of a step, and drops the rest without a word. */
const MAX_ANNOTATIONS = 10;

export function tellGithub(
  io: Io,
  of: {
    readonly experiment: Experiment;
    readonly notPassed: NotPassed | undefined;
    readonly gate: readonly GateVerdict[];
    readonly summary: readonly Block[];
  },
): void {
  if (!isGithub(io)) return;
  const broken = of.gate.filter(({ held, unsaid }) => !held && !unsaid);
  const open = of.gate.filter(({ unsaid }) => unsaid);
  const annotations = [
    ...gateAnnotations(broken, { level: 'error', title: 'gate broken' }),
    ...cellAnnotations(io, of),
    // What is missing has an error of its own: that nothing can be said of it yet is none.
    ...gateAnnotations(open, { level: 'warning', title: 'gate open' }),
  ];
  const isMore = annotations.length > MAX_ANNOTATIONS;
  const shown = annotations.slice(0, isMore ? MAX_ANNOTATIONS - 1 : MAX_ANNOTATIONS);
  for (const one of shown) io.err.raw(annotationLine(one));
  if (isMore) {
    const cells = of.notPassed?.cells ?? 0;
    const message = `${cells} cells did not pass, and ${shown.length} annotations are shown: npx expgraph show --not-passed prints them all`;
    io.err.raw(annotationLine({ level: 'error', title: 'expgraph', message, file: null, line: null }));
  }
  appendSummary(io, of.summary);
}

function gateAnnotations(
  gate: readonly GateVerdict[],
  { level, title }: Pick<Annotation, 'level' | 'title'>,
): readonly Annotation[] {
  return gate.map(({ sentence }) => ({
    ...{ level, title, file: null, line: null },
    message: sanitizeLine(sentence),
  }));
}

function cellAnnotations(
  io: Io,
  { experiment, notPassed }: { readonly experiment: Experiment; readonly notPassed: NotPassed | undefined },
): readonly Annotation[] {
  const root = io.env.GITHUB_WORKSPACE ?? io.cwd;
  return (notPassed?.shown ?? []).map(({ variant, scenario, run, scorer, reason }) => {
    const index = experiment.scenarioIndex.get(scenario);
    const source = index === undefined ? undefined : experiment.manifest.scenarios[index]?.source;
    const cell = sanitizeLine(`${variant}/${scenario}/${run}`);
    const who = scorer === null ? 'failed' : `not passed, by ${sanitizeLine(scorer)}`;
    return {
      level: 'error',
      title: `${cell}: ${who}`,
      message: sanitizeLine(reason),
      file: source === undefined ? null : path.relative(root, source.file).split(path.sep).join('/'),
      line: source?.line ?? null,
    };
  });
}

/** What cannot be written is a pity and no reason to fail. */
export function appendSummary(io: Io, blocks: readonly Block[]): void {
  const file = io.env.GITHUB_STEP_SUMMARY;
  if (!isGithub(io) || file === undefined || file === '' || blocks.length === 0) return;
  try {
    appendFileSync(file, io.clean(`${sheetMarkdown(blocks)}\n`));
  } catch (cause) {
    io.err.write(`expgraph: the job summary cannot be written: ${(cause as Error).message}\n`);
  }
}
