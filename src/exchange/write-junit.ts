// JUnit XML: a suite is a variant x run, a case is a scenario; the gate is a suite of its own. Passed is what a verdict says passed, and nothing else: what
// nobody judged is skipped, what is not there, failed or answers other content is an error.
import { UNSAFE_AS_TEXT } from '../core/text.ts';
import type { Exported, Standing } from './exported.ts';

export type CaseVerdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'skipped'; readonly message: string }
  | { readonly kind: 'error'; readonly type: string; readonly message: string }
  | { readonly kind: 'failure'; readonly type: string; readonly message: string; readonly text: string };

export type Case = {
  /** Unique among the cases of its class: readers know a test by both. */
  readonly name: string;
  readonly verdict: CaseVerdict;
  /** null = it is not known, or nothing was drawn. */
  readonly durationMs: number | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string | null;
  readonly simulated: boolean;
};

export type Suite = {
  readonly name: string;
  /** Of all its cases: the variant. */
  readonly className: string;
  /** What it is of, what its records say of themselves, and where they come from. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly cases: readonly Case[];
};

/** One suite is in memory at a time. @param at.now ISO 8601: the time of suites in which nothing was drawn */
export function* junitXml(
  suites: Iterable<Suite>,
  input: { readonly experiment: string; readonly now: string },
): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n';
  let id = 0;
  for (const suite of suites) yield suiteOf(suite, { ...input, id: id++ });
  yield '</testsuites>\n';
}

/**
 * What a record comes to as a test.
 * @param at.asOf `then` = it is told as it stood at another moment: what the manifest asks for today is not held against it
 */
export function verdictOfCase(
  { record, standing, scores }: Exported,
  input: {
    readonly asOf: 'now' | 'then';
    /** Another record of the cell counts. */
    readonly hasCurrent: boolean;
    /** What scorers say in words. */
    readonly reasons: () => ReadonlyMap<string, string>;
  },
): CaseVerdict {
  const stands = input.asOf === 'then' ? null : standingVerdict(standing, input);
  // What is gone from the manifest failed all the same.
  const isGone = standing === 'out-of-scope' && record.status === 'failed';
  if (stands && !isGone) return stands;
  if (record.status === 'failed') {
    const error = record.attempts.at(-1)?.error;
    return { kind: 'error', type: error?.kind ?? 'internal', message: error?.message ?? '' };
  }
  const below = scores.filter(({ passed }) => passed === false);
  if (below.length > 0) {
    const reasons = input.reasons();
    const words = below.map((score) => {
      const reason = reasons.get(score.scorer);
      return `${scoreWords(score)}${reason === undefined ? '' : `: ${reason}`}`;
    });
    return {
      kind: 'failure',
      type: below.map(({ scorer }) => scorer).join(' '),
      message: words.join('; '),
      text: failureText({ record, words }),
    };
  }
  const broken = scores.filter(({ missing }) => missing === 'failed');
  if (broken.length > 0) {
    const names = broken.map(({ scorer }) => scorer).join(', ');
    return { kind: 'error', type: 'score-failed', message: `no verdict: ${names} failed to judge it` };
  }
  const open = scores.filter(({ missing }) => missing === 'not-run');
  if (open.length > 0) {
    const names = open.map(({ scorer }) => scorer).join(', ');
    return skipped(`no verdict yet: ${names} has not judged it; \`npx expgraph score\` does`);
  }
  if (scores.some(({ passed }) => passed === true)) return { kind: 'passed' };
  if (scores.length === 0) return skipped('no verdict: no scorer is about it');
  return skipped(`no verdict of pass or fail: ${scores.map(scoreWords).join('; ')}`);
}

/** What a reader of a report sees when the message was cut: why, and what was answered. */
function failureText(input: {
  readonly record: Exported['record'];
  readonly words: readonly string[];
}): string {
  const answer = answerWords(input.record);
  const cut =
    answer.length <= MAX_ANSWER
      ? answer
      : `${answer.slice(0, MAX_ANSWER)}\n[cut: ${answer.length} characters]`;
  return `${input.words.join('\n')}\n\nanswer:\n${cut === '' ? '(empty)' : cut}`;
}

/** Reports are read whole into memory by those who show them. */
const MAX_ANSWER = 20_000;

function answerWords({ output }: Exported['record']): string {
  const calls = (output?.tool_calls ?? []).map(
    ({ name, arguments: given, arguments_text: text }) => `-> ${name}(${text ?? JSON.stringify(given)})`,
  );
  return [output?.text ?? '', ...calls].filter((line) => line !== '').join('\n');
}

export const MISSING: CaseVerdict = {
  kind: 'error',
  type: 'missing',
  message: 'there is no record; `npx expgraph run` draws it',
};

export const DAMAGED: CaseVerdict = {
  kind: 'error',
  type: 'damaged',
  message: 'its record is damaged; `npx expgraph fsck` says where',
};

function standingVerdict(
  standing: Standing,
  { hasCurrent }: { readonly hasCurrent: boolean },
): CaseVerdict | null {
  switch (standing) {
    case 'current':
      return null;
    case 'superseded':
      return skipped('superseded: another record of the same content counts');
    case 'out-of-scope':
      return skipped('out of scope: the manifest does not hold this cell');
    case 'stale':
      return hasCurrent
        ? skipped('stale: it answers content of earlier; another record counts')
        : {
            kind: 'error',
            type: 'stale',
            message:
              'stale: it answers other content than the manifest asks for; `npx expgraph run` draws the cell',
          };
  }
}

function skipped(message: string): CaseVerdict {
  return { kind: 'skipped', message };
}

function scoreWords({ scorer, score, label }: Exported['scores'][number]): string {
  const told = [score === null ? null : `score ${score}`, label].filter((word) => word !== null).join(', ');
  return told === '' ? scorer : `${scorer}: ${told}`;
}

/** Elements in the order of the schema of Ant's JUnit task, which is the strictest. */
function suiteOf(
  { name, className, cases, facts }: Suite,
  input: { readonly experiment: string; readonly now: string; readonly id: number },
): string {
  const count = (kind: CaseVerdict['kind']): number =>
    cases.filter(({ verdict }) => verdict.kind === kind).length;
  const starts = cases.flatMap(({ startedAt }) => startedAt ?? []).sort();
  const known = cases.flatMap(({ durationMs }) => durationMs ?? []);
  const played = cases.filter(({ simulated }) => simulated).length;
  const total = known.length === 0 ? null : known.reduce((sum, ms) => sum + ms, 0);
  const attributes = [
    ['name', name],
    ['tests', String(cases.length)],
    ['failures', String(count('failure'))],
    ['errors', String(count('error'))],
    ['skipped', String(count('skipped'))],
    ...timeOf(total),
    ['timestamp', (starts[0] ?? input.now).slice(0, 19)],
    ['hostname', 'localhost'],
    ['package', input.experiment],
    ['id', String(input.id)],
  ] as const;
  const properties = [['experiment', input.experiment], ...facts, ['simulated', String(played)]] as const;
  const lines = [
    `  <testsuite${written(attributes)}>`,
    '    <properties>',
    ...properties.map(([fact, value]) => `      <property name="${fact}" value="${xml(value)}"/>`),
    '    </properties>',
    ...cases.map((one) => caseOf(one, className)),
    `    <system-out>${played > 0 ? `SIMULATION: ${played} of ${cases.length} answers were played; they are no model's.` : ''}</system-out>`,
    '    <system-err></system-err>',
    '  </testsuite>',
  ];
  return `${lines.join('\n')}\n`;
}

function caseOf({ name, durationMs, verdict }: Case, className: string): string {
  const open = `    <testcase${written([['classname', className], ['name', name], ...timeOf(durationMs)])}`;
  switch (verdict.kind) {
    case 'passed':
      return `${open}/>`;
    case 'skipped':
      return `${open}>\n      <skipped message="${xml(verdict.message)}"/>\n    </testcase>`;
    case 'error':
      return `${open}>\n      <error type="${xml(verdict.type)}" message="${xml(verdict.message)}"/>\n    </testcase>`;
    case 'failure':
      return `${open}>\n      <failure type="${xml(verdict.type)}" message="${xml(verdict.message)}">${xml(verdict.text)}</failure>\n    </testcase>`;
  }
}

/** A time that is not known is left out: 0 would say that it took none. */
function timeOf(ms: number | null): readonly (readonly [string, string])[] {
  return ms === null ? [] : [['time', (ms / 1000).toFixed(3)]];
}

function written(attributes: readonly (readonly [string, string])[]): string {
  return attributes.map(([name, value]) => ` ${name}="${xml(value)}"`).join('');
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
