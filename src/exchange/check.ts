// What every result needs, whatever its format.
import type { FailureKind } from '../core/outcome.ts';
import type { Imported } from './imported.ts';

const MAX_NAME = 300;
const MAX_RUN = 100_000;

export function mistakesOf(result: Imported): readonly string[] {
  const { variant, scenario, run, text, error } = result;
  const mistakes: string[] = [];
  for (const [what, name] of [
    ['variant', variant],
    ['scenario', scenario],
  ] as const) {
    const option = what === 'variant' ? '--variant NAME or ' : '';
    if (name.trim() === '')
      mistakes.push(`names no ${what}: ${option}--map ${what}=THEIR_FIELD says which field it is`);
    else if (name.length > MAX_NAME)
      mistakes.push(`has a ${what} of ${name.length} characters; ${MAX_NAME} are allowed`);
  }
  if (run !== null && (run < 1 || run > MAX_RUN)) {
    const why = run === 0 ? ': runs count from 1 here; --runs-from 0 says that theirs count from 0' : '';
    mistakes.push(`has run ${run}${why || `, which is not within 1 to ${MAX_RUN}`}`);
  }
  if (text === null && error === null) {
    mistakes.push('has neither an answer nor an error: --map text=THEIR_FIELD says where the answer is');
  }
  return mistakes;
}

const KINDS: { readonly [kind in FailureKind]: true } = {
  'rate-limited': true,
  overloaded: true,
  timeout: true,
  network: true,
  'worker-lost': true,
  cancelled: true,
  'inputs-changed': true,
  'undeclared-input': true,
  'invalid-response': true,
  'code-failed': true,
  'code-temporary': true,
  'code-timeout': true,
  'broken-output': true,
  'nothing-recorded': true,
  unauthorized: true,
  'quota-exhausted': true,
  'bad-request': true,
  'context-exceeded': true,
  'score-failed': true,
  internal: true,
};

/** What an error of elsewhere is called here; `internal` where it says nothing that we know. */
export function failureOf(kind: unknown): FailureKind {
  return typeof kind === 'string' && Object.hasOwn(KINDS, kind) ? (kind as FailureKind) : 'internal';
}

/** Of several names that would do the first that the manifest has, else the last. */
export function firstKnown(names: readonly string[], known: ReadonlySet<string>): string {
  const all = names.map((name) => name.normalize('NFC'));
  return all.find((name) => known.has(name)) ?? all.at(-1)!;
}
