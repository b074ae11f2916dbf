// What --help says below the options of each command of a review. Pure.

export type Words = { readonly examples: string; readonly after?: string };

/** By the command as it is typed. */
export const REVIEW_WORDS: { readonly [command: string]: Words } = {
  review: {
    examples: `
    expgraph review start
    expgraph review open --reviewer ann
    expgraph review import ann.verdicts.jsonl
    expgraph review close`,
  },
  'review start': {
    examples: `
    expgraph review start
    expgraph review start --category ambiguous --id ambiguous-1
    expgraph review start --unread
    expgraph review start --accept-leak "the tools are what is judged"`,
    after: `
"review:" in the manifest says what is asked and what is hidden
(docs/review.md).
Until the review is closed nothing is shown by arm (exit 5).
Exit: 0 it is open · 1 the arm can be guessed: nothing was written · 2 usage or
      manifest error · 4 store locked or damaged
`,
  },
  'review open': {
    examples: `
    expgraph review open
    expgraph review open ambiguous-1 --reviewer ann
    expgraph review open --reviewer ben --static ben.html`,
    after: `
Keys: 1 2 3 label, Enter next card, n note, f flag, u undo, t "I can tell which
arm", j k cards, ? all of them. The page may be closed and opened at any time.
The file works from disk, in any browser, without this program: what is said is
kept in that browser until it is downloaded, and review import takes it.
`,
  },
  'review next': {
    examples: `
    expgraph review next
    expgraph review next --labels tool_selection=good,naturalness=poor
    expgraph review next --json --reviewer model-1`,
    after: `
In a terminal by keys, as on the page. In a pipe it prints the card that is
next, and with --labels says something of it first. What is said is durable when
it is called saved.
`,
  },
  'review status': {
    examples: 'expgraph review status\nexpgraph review status ambiguous-1 --json',
    after: `
Kappa is Cohen's with quadratic weights, alpha Krippendorff's ordinal one, AC2
Gwet's with quadratic weights; intervals are of 95 %, over scenarios.
`,
  },
  'review disputes': {
    examples: `
    expgraph review disputes
    expgraph review disputes --adjudicate
    expgraph review disputes --adjudicate settled.csv --reviewer cleo`,
    after: `
In dispute are cards with a gap of two labels, and on the first dimension with
any. A file has card, a column a dimension (or labels in JSON) and note; what
is not in dispute is left out.
`,
  },
  'review import': {
    examples: `
    expgraph review import 2026-02-15-ann.verdicts.jsonl
    expgraph review import verdicts.csv --review ambiguous-1`,
    after: `
A file is taken whole or not at all, and each verdict once, however often it is
taken. A table has the columns card, reviewer and one a dimension; note, flags,
tells, guess, look and at where there are some.
`,
  },
  'review close': {
    examples: 'expgraph review close\nexpgraph review close ambiguous-1 --json',
    after: `
Exit: 0 closed · 1 cards wait for a reader or are in dispute · 4 files of the
      review are damaged
`,
  },
};
