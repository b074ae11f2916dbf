// The same of commands by which results come and go. Pure.
import type { Words } from './below-review.ts';

export const EXCHANGE_WORDS: { readonly [command: string]: Words } = {
  import: {
    examples: `
    expgraph import old-results.jsonl --runs-from 0
    expgraph import old.jsonl --map variant=arm --map text=answer.text --dry-run
    expgraph import logs/2026-02-01_task.eval --variant baseline
    expgraph import promptfoo-out.json
    expgraph import results/ --next-runs`,
  },
  export: {
    examples: `
    expgraph export --format csv -o results.csv
    expgraph export --format csv --bom --delimiter ";" -o results.csv
    expgraph export --variant 'applike*' > results.jsonl
    expgraph export --format junit -o results.xml
    expgraph export --format inspect -o logs`,
  },
  merge: {
    examples: `
    expgraph merge from-ann
    expgraph merge --dry-run from-ann/artifacts results-of-ci.tar.gz`,
    after: `
Invocations, scores, archives and reviews that are not here come, each line and
blob checked; what is here stays. Nothing is written in the other store.
Exit: 0 all of it is here · 1 something was left out · 2 usage error, or no such
      store · 4 a conflict, damage there, or store locked
`,
  },
  reindex: {
    examples: 'expgraph reindex\nexpgraph reindex --wait',
    after: `
It has no dry run: it writes only what follows from the history, which it never
changes. expgraph fsck says beforehand what is not as the history says.
`,
  },
  remote: { examples: 'expgraph remote status' },
  'remote status': { examples: 'expgraph remote status\nexpgraph remote status --json' },
  'remote pull': {
    examples: 'expgraph remote pull\nexpgraph remote pull --repair',
    after: `
The remote is that of the manifest: remote: s3://bucket/prefix, or
file:///share/results, or https://... Each pack is checked before anything of it
is in the store. --repair reads all of the store, and fetches the packs of what
is damaged or gone in it.
Exit: 0 done · 1 not reached, or something was refused · 2 no remote · 4 store
      locked or damaged
`,
  },
  'remote push': {
    examples: 'expgraph remote push\nexpgraph remote push --repair 5',
    after: `
Invocations go whole, each once, whoever pushes at the same time. What others
made is taken first. --repair fetches the packs of these entries, or all, and
pushes anew what is damaged or gone there and is here; the log is mended too.
Exit: 0 done · 1 not reached, not allowed, or something was refused · 2 no
      remote · 4 store locked or damaged
`,
  },
  langsmith: {
    examples: `
    expgraph langsmith status
    expgraph langsmith push
    expgraph langsmith sync`,
  },
  'langsmith push': {
    examples: 'expgraph langsmith push\nexpgraph langsmith push 12 --shift-time',
  },
  'langsmith sync': {
    examples: `
    expgraph langsmith sync
    expgraph langsmith sync --variant 'applike*'`,
  },
  'langsmith feedback': {
    examples: 'expgraph langsmith feedback applike/ambiguous:no-time/1 --key ok --score 1',
  },
};
