// Every kind of failure that a record may name: what it means and what to do. A kind without a row does not compile.
import type { FailureKind } from '../../core/outcome.ts';
import { fateOf } from '../../run/limits/retry.ts';

type Row = { readonly means: string; readonly advice: string };

const ROWS: { readonly [kind in FailureKind]: Row } = {
  timeout: {
    means: 'no whole answer came in time (execution.timeout, or the --timeout of this run)',
    advice: 'raise it with --timeout 5m, or set a smaller max_output_tokens',
  },
  'rate-limited': {
    means: 'the provider said 429: too much at once',
    advice: 'nothing: the pace is adapted. Where it stays, a smaller -j, or limits: of the provider',
  },
  overloaded: {
    means: 'the provider failed (5xx), or broke an answer off',
    advice: 'nothing at first: later, expgraph run --failed',
  },
  network: {
    means: 'the server was not reached, or the connection was lost',
    advice: 'check base_url and the net (expgraph doctor), then expgraph run --failed',
  },
  'invalid-response': {
    means: 'what came is no answer: not JSON, another protocol, an end without content',
    advice: 'expgraph show prints its beginning; expgraph doctor --call says what the endpoint needs',
  },
  unauthorized: {
    means: 'the key is missing, wrong, or may not do this (401, 403)',
    advice: 'set the variable that api_key_env names (expgraph doctor tells), then run again',
  },
  'quota-exhausted': {
    means: 'the account has no credit, or its limit of days is used up',
    advice: 'pay or wait, then run again: what is kept is kept',
  },
  'bad-request': {
    means: 'the provider refuses the request itself (400, 404, 422): model, parameter or tool',
    advice: 'read its words with expgraph show, correct the manifest, run again',
  },
  'context-exceeded': {
    means: 'the prompt is longer than the model takes',
    advice: 'shorten it, or choose another model',
  },
  'code-failed': {
    means: 'own code, a program or a test threw, or ended with an error',
    advice: 'its words and its log are in expgraph show; mend it: the edit makes it stale',
  },
  'code-temporary': {
    means: 'own code said that another attempt may do better (retryable, or exit 75)',
    advice: 'nothing: it is tried again',
  },
  'code-timeout': {
    means: 'own code, a program or a test took longer than it may',
    advice: 'raise the timeout of the variant, or find where it waits (its log is in expgraph show)',
  },
  'broken-output': {
    means: 'a program printed what cannot be read as an answer',
    advice: 'expgraph show prints the beginning of it; correct the program, or its mapping',
  },
  'nothing-recorded': {
    means: 'own code, a program or a test ended well and told no answer',
    advice: 'return or record one; where it was skipped on purpose, leave its scenario out',
  },
  'score-failed': {
    means: 'a scorer could not judge an answer',
    advice: 'read why with expgraph show, mend the scorer, then expgraph score',
  },
  'worker-lost': {
    means: 'the worker or the program ended under the task: a crash, no memory, a signal',
    advice: 'fewer at once (-j, execution.workers), or more memory',
  },
  'inputs-changed': {
    means: 'a file that the answer depends on was edited while it was drawn',
    advice: 'run again: the answer would not have been of what is there now',
  },
  'undeclared-input': {
    means: 'code read a file that its key does not know of (inputs: strict)',
    advice: 'declare it under inputs: of the variant, or do not read it',
  },
  cancelled: {
    means: 'it was given up here: a second Ctrl-C, or an arm that was stopped',
    advice: 'run again',
  },
  internal: {
    means: 'a mistake of expgraph itself, or a failure told by an import in words unknown here',
    advice: 'please report it, with what expgraph show prints',
  },
};

export type ErrorRow = Row & { readonly kind: FailureKind; readonly again: string };

const AGAIN: { readonly [fate in ReturnType<typeof fateOf>]: string } = {
  retry: 'tried again',
  final: 'not tried again',
  halt: 'stops its account or arm',
};

export function errorRows(): readonly ErrorRow[] {
  return (Object.keys(ROWS) as FailureKind[]).map((kind) => ({
    kind,
    again: AGAIN[fateOf(kind)],
    ...ROWS[kind],
  }));
}
