// What --help says below the options: examples, exit codes, and what a word cannot. Pure.
import { EXCHANGE_WORDS } from './below-exchange.ts';
import { REVIEW_WORDS, type Words } from './below-review.ts';

const EXIT_CODES = `
Exit: 0 complete · 1 some tasks failed or are missing · 2 usage or manifest
      error · 3 budget, --max-new or --deadline reached · 4 store locked or
      damaged · 5 withheld while a blind review is open · 6 a gate is broken
      · 130 interrupted (what finished is kept)
`;

const UNTIL = `

With "until:" in the manifest it draws run after run until its goal is
reached (docs/until.md).`;

/** By the command as it is typed. */
const COMMANDS: { readonly [command: string]: Words } = {
  init: {
    examples: `
    expgraph init
    expgraph init my-experiment --template prompt
    expgraph init --from-promptfoo promptfooconfig.yaml --dry-run
    expgraph init evals --from-inspect task.py
    expgraph init --from-data questions.csv
    expgraph init --from-pytest
    expgraph init --from-pytest tests/experiment --variants-from param:model
    expgraph init --from-pytest --refresh --dry-run`,
  },
  schema: {
    examples: 'expgraph schema > experiment.schema.json\nexpgraph schema record',
  },
  doctor: {
    examples: 'expgraph doctor\nexpgraph doctor --call --provider openai',
  },
  sim: {
    examples: 'expgraph sim --port 8787\nexpgraph sim --latency 0 --rate 50 --errors 0.05 --drops 0.02',
  },
  run: {
    examples: `
    expgraph run
    expgraph run --scenario 'ambiguous:*' --variant applike --force
    expgraph run --failed
    expgraph run --budget-usd 5 -j 16
    expgraph run --max-new 10 --deadline 30m
    expgraph run --runs 1,3-5 --json > summary.json
    expgraph run --fail-under 0.9
    expgraph run --shard 2/4
    expgraph run --wait`,
    after: EXIT_CODES + UNTIL,
  },
  plan: {
    examples: `
    expgraph plan
    expgraph plan --explain
    expgraph plan --budget-usd 5
    expgraph plan --shard 2/4
    expgraph plan --format mermaid > plan.mmd`,
  },
  score: {
    examples: `
    expgraph score
    expgraph score --scorer expect --force
    expgraph score --category ambiguous --json
    expgraph score --shard 2/4
    expgraph score --calibrate --scorer polite`,
    after: EXIT_CODES,
  },
  watch: {
    examples: `
    expgraph watch
    expgraph watch --variant applike --scenario 'ambiguous:*'
    expgraph watch --no-run
    expgraph watch --yes --json >> rounds.jsonl`,
    after: `
Keys: Enter or r runs what failed or is left, q or Ctrl-C leaves. A save while
tasks run never stops a call: it is planned next. A task that failed is tried
again when it has changed, or by Enter. Rounds above watch.confirm_usd, or of
unknown cost, are asked about; where nobody can be asked they do not run without
--yes.
Exit: 0 left while it waited · 2 usage error · 4 store damaged · 130 left while
      tasks ran (what finished is kept)
`,
  },
  ...EXCHANGE_WORDS,
  ...REVIEW_WORDS,
  status: {
    examples: 'expgraph status\nexpgraph status --json',
  },
  view: {
    examples: `
    expgraph view
    expgraph view --variant 'applike*' --category ambiguous
    expgraph view --port 8911 --no-open`,
    after: `
The address that it prints is a key: whoever has all of it may read the
experiment as long as it is served, on this machine alone. Nothing can be
started or changed from the page; ? shows its keys. It stays until Ctrl-C.
Exit: 0 left · 2 usage or manifest error, or the port is taken · 4 store damaged
`,
  },
  report: {
    examples: `
    expgraph report
    expgraph report --format md -o report.md
    expgraph report --format github --only-differences 5
    expgraph report adr -o 0007-tool-interface.md`,
    after: `
One file, offline: method, results, consistency, the scenarios that differ most,
every transcript, and where each number comes from. What is missing or was
played stands at its top; it is made all the same.
Exit: 0 made · 2 usage or manifest error, or nothing was drawn · 4 store damaged
      · 5 withheld while a blind review is open
`,
  },
  history: {
    examples: `
    expgraph history
    expgraph history 'applike/ambiguous:*'
    expgraph history sanity:*`,
  },
  show: {
    examples: `
    expgraph show applike/sanity:list-week/1
    expgraph show 'applike/ambiguous:*'
    expgraph show --not-passed
    expgraph show --differs --category routing
    expgraph show 3fa9c1@2 --json`,
  },
  diff: {
    examples: `
    expgraph diff
    expgraph diff 1 2
    expgraph diff 2026-02-01 now`,
  },
  variants: {
    examples: `
    expgraph variants
    expgraph variants --diff
    expgraph variants baseline 'applike*' --diff
    expgraph variants --diff --check`,
  },
  prices: {
    examples: `
    expgraph prices
    expgraph prices 'sim-*'
    expgraph prices --json`,
    after: `
A price is the one under providers.NAME.pricing, else that of the file which
the manifest names (prices: ./prices.yaml, ours or LiteLLM's), else that of the
dated list which comes with expgraph. That list holds at the vendor's address
alone: a gateway is another seller. Unknown stays unknown: budgets refuse it.
`,
  },
  parity: {
    examples: `
    expgraph parity
    expgraph parity --variant 'applike*' --category routing
    expgraph parity --json | jq .findings`,
    after: `
Exit: 0 every arm can · 1 an arm cannot express a scenario · 2 usage or manifest
      error
`,
  },
  log: {
    examples: `
    expgraph log
    expgraph log -n 3
    expgraph log 1
    expgraph log last --json`,
  },
  compare: {
    examples: `
    expgraph compare
    expgraph compare baseline applike --by category
    expgraph compare baseline --metric pass
    expgraph compare baseline 'applike*' --metric tokens
    expgraph compare baseline applike --metric pass --margin 0.05
    expgraph compare applike --at 1 --at now
    expgraph compare --against origin/main --format markdown
    expgraph compare --format html > compare.html`,
    after: `
Scenarios are the units: runs of one scenario are not independent. Incomplete
arms and arms that more than one model answered are refused unless you say
otherwise. Cells that were drawn again in one arm only are told, with what their
first draws say (--first-draws). It reads only.
Exit: 0 compared · 1 refused: stale, missing, failed or unscored cells, mixed
      models · 2 usage or manifest error · 6 a gate is broken
`,
  },
  power: {
    examples: `
    expgraph power --effect 0.1
    expgraph power --effect 0.1 --metric pass --base 0.85 --arms 4
    expgraph power --effect 0.05 --from history
    expgraph power --margin 0.05 --metric pass --from history
    expgraph power --effect 10% --metric cost --from history`,
  },
  fsck: {
    examples: `
    expgraph fsck
    expgraph fsck --repair
    expgraph fsck --json | jq .findings`,
    after: `
Without --repair it reads only and takes no lock.
Exit: 0 clean · 4 damaged or locked
`,
  },
  gc: {
    examples: `
    expgraph gc
    expgraph gc --older-than 30d --keep 3
    expgraph gc --older-than 2026-01-01 --yes
    expgraph gc --restore 1`,
    after: `
Off by default: without --yes it prints what would go and, in a terminal, asks.
What the view shows never goes, nor do records of the newest invocation while
it runs. Lines leave whole for archive/, each leaving a tombstone; history, show
and diff go on naming them.
Exit: 0 done, or nothing to do, or not done · 2 usage error · 4 store locked or
      damaged
`,
  },
  worker: {
    examples:
      'expgraph worker --redis redis://queue.example:6379\nexpgraph worker --concurrency 64 --provider openai\nexpgraph worker --idle 10m',
  },
  queue: { examples: 'expgraph queue status' },
  'queue status': {
    examples: 'expgraph queue status --redis redis://queue.example:6379\nexpgraph queue status --json',
  },
  batches: {
    examples: 'expgraph batches\nexpgraph batches --cancel\nexpgraph batches --forget 0ecca6e9bafa4546',
  },
  help: {
    examples: 'expgraph help run\nexpgraph help errors',
  },
  completion: {
    examples: 'expgraph completion bash >> ~/.bashrc',
    after: `
Install:
  bash  expgraph completion bash >> ~/.bashrc
  zsh   expgraph completion zsh > "\${fpath[1]}/_expgraph"
  fish  expgraph completion fish > ~/.config/fish/completions/expgraph.fish
Without a global install: alias expgraph='npx expgraph' (names come from the
project's own). Names of variants, scenarios, categories, tags, scorers and
invocations come from the manifest and the store of the folder, -C and -f.
`,
  },
};

/** '' where nothing is said. */
export function wordsBelow(command: string): string {
  const words = COMMANDS[command];
  return words === undefined ? '' : examples(words.examples) + (words.after ?? '');
}

/** One a line. */
export function examples(lines: string): string {
  const each = lines.split('\n').flatMap((line) => line.trim() || []);
  return `\nExamples:\n${each.map((line) => `  $ ${line}`).join('\n')}\n`;
}
