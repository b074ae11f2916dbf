// Secrets in the environment, in a scenario and in a provider's error: none is in a spool, a trace or a log.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cli } from '../rig/cli.ts';
import { filesBelow, writeFiles } from '../rig/files.ts';
import { API_KEY, startRecorder } from '../rig/langsmith-recorder.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { http, startRawProvider } from '../rig/raw-provider.ts';
import { tempFolder } from '../rig/temp.ts';

/** In the environment under a name that says so; under one that does not, but the manifest uses it; and of a known shape. */
const NAMED = 'canary-named-0123456789';
const USED = 'canary-used-0123456789';
const SHAPED = `sk-ant-canary${'x'.repeat(40)}`;
const OWN = 'patient 4711-0815';
const ALL = [NAMED, USED, SHAPED, OWN, API_KEY];

test('a canary is in no spool, no trace, no dataset and no log', async () => {
  await using recorder = await startRecorder();
  await using provider = await startRawProvider(({ attempt, socket }) => {
    const body = { error: { message: `no ${ALL.join(' ')}` } };
    socket.write(
      attempt === 1
        ? http('500 Broken', { body: JSON.stringify(body) })
        : http('200 OK', { body: JSON.stringify(chatAnswer(`I saw ${ALL.join(' ')}`)) }),
    );
  });
  const cwd = tempFolder();
  writeFiles(cwd, {
    'scenarios.jsonl': `${JSON.stringify({ id: 's0', input: `say 0 with ${ALL.join(' ')}`, description: ALL.join(' '), expect: { text: ALL.join(' ') } })}\n`,
    'experiment.yaml': [
      'version: 1',
      'name: canary',
      'model: m',
      'scenarios: [scenarios.jsonl]',
      'variants: { v: {} }',
      'provider: p',
      `providers: { p: { type: openai, base_url: "${provider.url}", headers: { x-gate: "\${GATE}" } } }`,
      "tracing: { langsmith: { experiments: true, redact: ['patient [0-9-]+'] } }",
      '',
    ].join('\n'),
  });
  const env = {
    OPENAI_API_KEY: NAMED,
    GATE: USED,
    LANGSMITH_API_KEY: API_KEY,
    LANGSMITH_ENDPOINT: recorder.url,
  };
  const run = await cli(['run', '--events', 'events.jsonl', '--langsmith-flush', '30s'], { cwd, env });
  expect(run.code, run.stderr).toBe(0);
  const sync = await cli(['langsmith', 'sync'], { cwd, env });
  expect(recorder.check()).toMatchObject({ roots: 2, orphans: 0 });
  const sent = recorder.bodies.join('\n');
  // It was there to be taken out: in the question, the answer and the error.
  for (const mark of ['[redacted:OPENAI_API_KEY]', '[redacted:GATE]', '[SECRET_DETECTED]', '[redacted]'])
    expect(sent).toContain(mark);
  const traces = path.join(cwd, 'artifacts/canary/traces');
  const texts = new Map([
    ['what was sent', sent],
    ...filesBelow(traces).map((file) => [file, readFileSync(path.join(traces, file), 'utf8')] as const),
    ['the events', readFileSync(path.join(cwd, 'events.jsonl'), 'utf8')],
    ['what was printed', run.stdout + run.stderr + sync.stdout + sync.stderr],
  ]);
  for (const [where, text] of texts) {
    // What has only the shape of a secret is the user's data in the user's own files.
    const looked = where === 'the events' || where === 'what was printed' ? [NAMED, USED, API_KEY] : ALL;
    for (const canary of looked) expect(text.includes(canary), `${canary} in ${where}`).toBe(false);
  }
});
