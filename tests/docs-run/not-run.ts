// Lines of the pages that no test executes, each with its reason. They are parsed all the same, by the program itself. A line that no page
// shows any more fails the test, and so does one that could be run.

export const NOT_RUN: { readonly [line: string]: string } = {
  'npm ci && npx expgraph run':
    'installs the packages of this repository; the run alone is the one of the sample',
  'npm test': 'is what runs this',
  'npm install --save-dev expgraph':
    'is not on npm yet; tests/e2e/pack.test.ts installs the package as it is packed',
  'tar cf expgraph.tar package.json package-lock.json node_modules':
    'packs what npm installed, which is not there; tests/e2e/pack.test.ts moves such a folder',
  'pytest tests --count 3 --reruns 2 -n 4': 'what was there before expgraph: pytest alone',
  'npm run torture': 'takes hours; tests/torture.test.ts plays each row shortly',
  'npm run torture -- --minutes 10': 'takes ten minutes',
  'npm run torture -- --seed 7 kill torn-tail': 'takes minutes',
  'expgraph doctor --call --provider openai': 'asks a paid endpoint',
  'expgraph langsmith push': 'needs a key of LangSmith and the net',
  'expgraph langsmith push 12 --shift-time': 'needs a key of LangSmith and the net',
  'expgraph langsmith sync': 'needs a key of LangSmith and the net',
  "expgraph langsmith sync --variant 'applike*'": 'needs a key of LangSmith and the net',
  'expgraph langsmith feedback applike/ambiguous:no-time/1 --key ok --score 1':
    'needs a key of LangSmith and the net',
  'npx expgraph langsmith feedback applike/ambiguous:no-time/1 --key correct --score 0 --comment "wrong day" --reviewer ann':
    'needs a key of LangSmith and the net',
  'npx expgraph review start':
    'is a part of an afternoon with readers: tests/e2e/review-sample.test.ts goes through all of it',
  'npx expgraph review open --reviewer ann':
    'is a part of an afternoon with readers: tests/e2e/review-sample.test.ts goes through all of it',
  'npx expgraph review import ann.verdicts.jsonl':
    'is a part of an afternoon with readers: tests/e2e/review-sample.test.ts goes through all of it',
  'npx expgraph review status':
    'is a part of an afternoon with readers: tests/e2e/review-sample.test.ts goes through all of it',
  'npx expgraph review close':
    'is a part of an afternoon with readers: tests/e2e/review-sample.test.ts goes through all of it',
  'expgraph batches --forget 0ecca6e9bafa4546':
    'names a batch that is out: tests/e2e/batches.test.ts has one',
  'npm install --save-exact bullmq@6 ioredis@6':
    'installs packages; tests/queue/ does all of it with those that are here',
  'redis-server --appendonly yes --maxmemory-policy noeviction':
    'serves until it is stopped; tests/queue/ has one of its own',
  'OPENAI_API_KEY=... npx expgraph worker --redis redis://HOST:6379':
    'works until it is stopped: tests/queue/ has some',
  'npx expgraph run --executor queue --redis redis://HOST:6379': 'needs a Redis: tests/queue/ has one',
  'npx expgraph queue status --redis redis://HOST:6379': 'needs a Redis: tests/queue/ has one',
  'expgraph worker --redis redis://queue.example:6379': 'works until it is stopped: tests/queue/ has some',
  'expgraph worker --concurrency 64 --provider openai': 'works until it is stopped: tests/queue/ has some',
  'expgraph worker --idle 10m': 'works until it is stopped: tests/queue/ has some',
  'expgraph queue status --redis redis://queue.example:6379': 'needs a Redis: tests/queue/ has one',
  'expgraph queue status': 'needs a Redis: tests/queue/ has one',
  'expgraph queue status --json': 'needs a Redis: tests/queue/ has one',
  'expgraph review disputes --adjudicate': 'asks in a terminal',
  'export LANGSMITH_API_KEY=lsv2_...': 'a key: whatever follows would be traced',
  'expgraph show 3fa9c1@2 --json': 'a key of a record: each store has its own',
  'npx expgraph merge ../other-branch': 'no other worktree stands beside the folder of the test',
  'npx expgraph show 3fa9c1@7-k3f9': 'a key of a record: each store has its own',
  'npx expgraph show 3fa9c1@2': 'a key of a record: each store has its own',
};

/** Lines that end otherwise than with 0 in the sample experiment, and why. */
export const ENDS_WITH: { readonly [line: string]: { readonly code: number; readonly why: string } } = {
  'npx expgraph compare --cluster vars.customer': {
    code: 2,
    why: 'no scenario of the sample has a customer',
  },
  'npx expgraph doctor --remote': { code: 2, why: 'the sample names no remote' },
  'expgraph score --calibrate --scorer polite': { code: 2, why: 'the sample has no labels of people' },
  'expgraph remote status': { code: 2, why: 'the sample has no remote' },
  'expgraph remote status --json': { code: 2, why: 'the sample has no remote' },
  'expgraph remote pull': { code: 2, why: 'the sample has no remote' },
  'expgraph remote pull --repair': { code: 2, why: 'the sample has no remote' },
  'expgraph remote push': { code: 2, why: 'the sample has no remote' },
  'expgraph remote push --repair 5': { code: 2, why: 'the sample has no remote' },
  'expgraph gc --restore 1': { code: 2, why: 'nothing of the sample was archived' },
  'npx expgraph compare --at 2026-02-01': { code: 1, why: 'the store of the test is younger than that day' },
  'jq -r .text "blobs/sha256/$(printf %.2s "$sha")/$sha"': {
    ...{ code: 2, why: 'no answer of the simulation is so long that it has a blob' },
  },
};
