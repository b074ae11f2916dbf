// In CI: nobody looks on, the job has to fail for the right reason and say it where people read.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Walk } from './walk.ts';

export async function inCi(walk: Walk): Promise<void> {
  await walk.type('npx expgraph init');
  walk.edit('experiment.yaml', (text) => `${text}\ngate: { pass: ">= 0.999", cost: "<= 0.5" }\n`);
  walk.write('summary.md', '');
  const env = { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: walk.in('summary.md') };

  const broken = await walk.type('npx expgraph run', { code: 6, env });
  const said = `${broken.stdout}${broken.stderr}`;
  assert.match(said, /gate/i);
  assert.match(said, /^::(error|warning) /m);
  assert.match(readFileSync(walk.in('summary.md'), 'utf8'), /\| *pass *\|/);

  await walk.type('npx expgraph export --format junit -o results.xml', { env });
  const junit = readFileSync(walk.in('results.xml'), 'utf8');
  assert.match(junit, /<failure /);
  assert.match(junit, /<propert/);

  // The same answers, from the cache: the gate speaks again, and nothing is paid for.
  const cached = await walk.type('npx expgraph run --json', { code: 6, env });
  assert.equal(JSON.parse(cached.stdout).executed, 0);

  walk.edit('experiment.yaml', (text) => text.replace('">= 0.999"', '">= 0.5"'));
  await walk.type('npx expgraph run', { env });
  const comment = await walk.type('npx expgraph compare --against 1 --format markdown', { env });
  assert.match(comment.stdout, /^\|/m);
  await walk.type('npx expgraph run --fail-under 0.999', { code: 6, env });
}
