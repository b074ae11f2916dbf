// From promptfoo: prompts in files, cases in a CSV with `__expected`, a name for a prompt, an old output to be taken along.
import assert from 'node:assert/strict';
import type { Walk } from './walk.ts';

const CASES = `topic,__expected
bananas,contains: bananas
"avocado, ripe",contains: avocado
trains,contains: trains
`;

const MANIFEST = `version: 1
name: tweets
runs: 1
provider: sim
model: sim-small
scenarios: { files: cases.csv }
system: prompts/tweet.txt
template: "Write about {{ topic }}"
variants:
  tweet: { matrix: { temperature: [0, 0.7] } }
  long: { system: Write three sentences. }
`;

export async function fromPromptfoo(walk: Walk): Promise<void> {
  walk.write('prompts/tweet.txt', 'Write a tweet. Say what it is about.\n');
  walk.write('cases.csv', CASES);
  walk.write('experiment.yaml', MANIFEST);

  // Three habits of promptfoo, told at once: a path as a prompt, a bare variable, an expectation that nobody judges.
  const habits = await walk.type('npx expgraph plan', { code: 2 });
  assert.match(habits.stderr, /\{\{vars\.topic\}\}/);
  assert.match(habits.stderr, /file: prompts\/tweet\.txt/);

  walk.edit('experiment.yaml', (text) =>
    text
      .replace('system: prompts/tweet.txt', 'system: { file: prompts/tweet.txt }')
      .replace('{{ topic }}', '{{vars.topic}}'),
  );
  await walk.type('npx expgraph plan');
  const run = await walk.type('npx expgraph run');
  assert.match(run.stdout, /9 executed/);

  const chosen = await walk.type('npx expgraph status --variant tweet');
  assert.match(chosen.stdout, /temperature=0\.7/);
  await walk.type('npx expgraph show --not-passed');
  const misspelt = await walk.type('npx expgraph run --variant twet', { code: 2 });
  assert.match(misspelt.stderr, /did you mean/i);
  await walk.type('npx expgraph eval', { code: 2 });
}
