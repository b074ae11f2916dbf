// From promptfoo: prompts in files, cases in a CSV with `__expected`, a name for a prompt, an old output to be taken along.
import assert from 'node:assert/strict';
import type { Walk } from './walk.ts';

const CONFIG = `prompts: [file://prompts/tweet.txt]
providers: [openai:gpt-4o-mini]
tests: cases.csv
`;

const CASES = `topic,__expected,__expected2,__description
bananas,contains: {{topic}},not-icontains: sorry,Yellow
"avocado, ripe","contains-any: avocado, ripe",javascript: output.length < 280,
trains,icontains: TRAINS,,
`;

const MANIFEST = `version: 1
name: tweets
runs: 1
provider: sim
model: sim-small
scenarios: [cases.csv]
system: prompts/tweet.txt
template: "Write about {{ topic }}"
variants:
  tweet: { matrix: { temperature: [0, 0.7] } }
  long: { system: Write three sentences. }
`;

/** As `promptfoo eval -o output.json` writes it. */
const OUTPUT = {
  evalId: 'eval-1',
  results: {
    version: 3,
    timestamp: '2026-02-01T00:00:00Z',
    results: ['bananas', 'avocado, ripe', 'trains'].map((topic, testIdx) => ({
      ...{ promptIdx: 0, testIdx, prompt: { label: 'old', raw: `Write about ${topic}` } },
      ...{ provider: { id: 'openai:gpt-4o-mini' }, vars: { topic }, latencyMs: 5 },
      response: { output: `All about ${topic}.`, tokenUsage: { prompt: 5, completion: 4, total: 9 } },
      ...{ success: true, failureReason: 0 },
    })),
  },
};

export async function fromPromptfoo(walk: Walk): Promise<void> {
  walk.write('prompts/tweet.txt', 'Write a tweet. Say what it is about.\n');
  walk.write('cases.csv', CASES);
  walk.write('promptfooconfig.yaml', CONFIG);
  const lost = await walk.type('npx expgraph plan', { code: 2 });
  assert.match(lost.stderr, /npx expgraph init --from-promptfoo promptfooconfig\.yaml/);
  const config = await walk.type('npx expgraph plan -f promptfooconfig.yaml', { code: 2 });
  assert.match(config.stderr, /a config of promptfoo, and no manifest/);

  // What the sentence says makes the experiment, and names what it leaves out.
  const made = await walk.type('npx expgraph init made --from-promptfoo promptfooconfig.yaml');
  assert.match(made.stdout, /1 variant x 3 scenarios/);
  assert.match(made.stdout, /cases\.csv:3:1: column __expected2/);
  const drawn = await walk.type('npx expgraph -C made run');
  assert.match(drawn.stdout, /3 tasks/);

  // Two habits of promptfoo are told, and what no rule tells; the table is read as it is.
  walk.write('experiment.yaml', MANIFEST);
  const habits = await walk.type('npx expgraph plan', { code: 2 });
  assert.match(habits.stderr, /\{\{vars\.topic\}\}/);
  assert.match(habits.stderr, /file: prompts\/tweet\.txt/);
  assert.match(habits.stderr, /promptfoo's "javascript" has no rule here/);

  walk.edit('experiment.yaml', (text) =>
    text
      .replace('system: prompts/tweet.txt', 'system: { file: prompts/tweet.txt }')
      .replace('{{ topic }}', '{{vars.topic}}'),
  );
  await walk.type('npx expgraph plan');
  const run = await walk.type('npx expgraph run');
  assert.match(run.stdout, /9 executed/);
  assert.match(run.stdout, /lacks "bananas"/);

  const chosen = await walk.type('npx expgraph status --variant tweet');
  assert.match(chosen.stdout, /temperature=0\.7/);
  await walk.type('npx expgraph show --not-passed');
  const misspelt = await walk.type('npx expgraph run --variant twet', { code: 2 });
  assert.match(misspelt.stderr, /did you mean/i);
  const theirs = await walk.type('npx expgraph eval', { code: 2 });
  assert.match(theirs.stderr, /did you mean expgraph run/);

  // What was paid for before is judged by the same table.
  walk.write('output.json', JSON.stringify(OUTPUT));
  const imported = await walk.type('npx expgraph import output.json --variant old');
  assert.match(imported.stdout, /\b3\b/);
  const judged = await walk.type('npx expgraph score --variant old');
  assert.match(judged.stdout, /old +3 +3 of 3/);
}
