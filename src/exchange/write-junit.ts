// JUnit XML: a suite is a variant x run, a case is a scenario. No result is an error, a score below pass a failure.
import type { CellScore } from '../core/scoring.ts';
import { UNSAFE_AS_TEXT } from '../core/text.ts';
import type { Exported } from './exported.ts';

export type Suite = {
  readonly variant: string;
  readonly run: number;
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly cases: Iterable<Exported>;
};

export function* junitXml(experiment: string, suites: Iterable<Suite>): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(experiment)}">\n`;
  for (const suite of suites) {
    const name = xml(`${suite.variant} run ${suite.run}`);
    yield `  <testsuite name="${name}" tests="${suite.tests}" failures="${suite.failures}" errors="${suite.errors}" skipped="0">\n`;
    for (const one of suite.cases) yield caseOf(one);
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

export function missed(scores: readonly CellScore[]): readonly CellScore[] {
  return scores.filter(({ passed }) => passed === false);
}

function caseOf({ record, scores }: Exported): string {
  const seconds = (record.duration_ms / 1000).toFixed(3);
  const open = `    <testcase classname="${xml(record.variant)}" name="${xml(record.scenario)}" time="${seconds}"`;
  if (record.status === 'failed') {
    const error = record.attempts.at(-1)?.error;
    const kind = xml(error?.kind ?? 'internal');
    return `${open}>\n      <error type="${kind}" message="${xml(error?.message ?? '')}"/>\n    </testcase>\n`;
  }
  const failures = missed(scores);
  if (failures.length === 0) return `${open}/>\n`;
  const words = failures.map(({ scorer, score, label }) => {
    const told = [score === null ? null : `score ${score}`, label].filter((word) => word !== null).join(', ');
    return told === '' ? scorer : `${scorer}: ${told}`;
  });
  // One failure a case: a reader that counts elements counts cases.
  const names = failures.map(({ scorer }) => scorer).join(' ');
  const text = xml(record.output?.text ?? '');
  return `${open}>\n      <failure type="${xml(names)}" message="${xml(words.join('; '))}">${text}</failure>\n    </testcase>\n`;
}

/** XML 1.0 has no form for most control characters, not even escaped. */
function xml(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"'\t\n\r]/g, (mark) => `&#${mark.charCodeAt(0)};`)
      // The same text to a parser, and nothing that a terminal obeys.
      .replace(UNSAFE_AS_TEXT, (mark) => `&#${mark.codePointAt(0)};`)
  );
}
