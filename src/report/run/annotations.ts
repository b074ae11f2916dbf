// What GitHub Actions shows at the lines of scenarios: broken gates first, then cells that did not pass. Pure.
import type { GateVerdict, NotPassed } from '../../core/summary.ts';
import { sanitizeLine } from '../../core/text.ts';
import type { Annotation } from '../../core/workflow-commands.ts';

/** GitHub shows ten of a step, and drops the rest without a word. */
const MAX_ANNOTATIONS = 10;

export type AnnotationInput = {
  readonly notPassed: NotPassed | undefined;
  readonly gate: readonly GateVerdict[];
  /** Where a scenario stands in its file, as the repository names it. */
  readonly placeOf: (scenario: string) => Pick<Annotation, 'file' | 'line'>;
};

const NOWHERE = { file: null, line: null };

export function annotationsOf({ notPassed, gate, placeOf }: AnnotationInput): readonly Annotation[] {
  const all = [
    ...gateAnnotations(
      gate.filter(({ held, unsaid }) => !held && !unsaid),
      'error',
      'gate broken',
    ),
    ...(notPassed?.shown ?? []).map(({ variant, scenario, run, scorer, reason }): Annotation => {
      const who = scorer === null ? 'failed' : `not passed, by ${sanitizeLine(scorer)}`;
      const title = `${sanitizeLine(`${variant}/${scenario}/${run}`)}: ${who}`;
      return { level: 'error', title, message: sanitizeLine(reason), ...placeOf(scenario) };
    }),
    // What is missing has an error of its own: that nothing can be said of it yet is none.
    ...gateAnnotations(
      gate.filter(({ unsaid }) => unsaid),
      'warning',
      'gate open',
    ),
  ];
  if (all.length <= MAX_ANNOTATIONS) return all;
  const shown = all.slice(0, MAX_ANNOTATIONS - 1);
  const message = `${notPassed?.cells ?? 0} cells did not pass, and ${shown.length} annotations are shown: npx expgraph show --not-passed prints them all`;
  return [...shown, { level: 'error', title: 'expgraph', message, ...NOWHERE }];
}

function gateAnnotations(
  gate: readonly GateVerdict[],
  level: Annotation['level'],
  title: string,
): readonly Annotation[] {
  return gate.map(({ sentence }) => ({ level, title, message: sanitizeLine(sentence), ...NOWHERE }));
}
