// A provider that gives back every secret it was sent, in every field that a server decides: none may reach a file, an
// event or a terminal.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from '../../src/core/json.ts';
import { filesBelow, tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { startRecorder } from '../rig/langsmith-recorder.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { program } from '../rig/program.ts';
import { http, startRawProvider } from '../rig/raw-provider.ts';
import type { Row } from '../rig/row.ts';
import { recordsByKey, writeExperiment } from '../rig/small-experiment.ts';

const CANARIES = {
  MY_KEY: 'canary-api-key-0123456789',
  // In a line of JSON it looks otherwise, and it must not be found in that form either.
  GATEWAY_TOKEN: 'canary"gateway\\0123456789',
  LANGSMITH_API_KEY: 'canary-langsmith-0123456789',
};
const ALL = Object.values(CANARIES).join(' ');

/** A whole answer, and the place in it where the secrets are. */
type Leak = { readonly place: string; readonly answer: Buffer };

const message = (fields: JsonObject, more: JsonObject = {}): Buffer => {
  const choice = { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'x', ...fields } };
  return http('200 OK', { body: JSON.stringify(chatAnswer('x', { choices: [choice], ...more })) });
};
const error = (status: string, fields: JsonObject): Buffer =>
  http(status, { body: JSON.stringify({ error: { message: 'no', ...fields } }) });
const headers = (status: string, given: readonly string[]): Buffer =>
  http(status, { body: JSON.stringify(chatAnswer('x')), headers: given });

const LEAKS: readonly Leak[] = [
  { place: 'the text', answer: message({ content: `I saw ${ALL}` }) },
  { place: 'a text long enough for a blob', answer: message({ content: `${'x'.repeat(90_000)} ${ALL} ` }) },
  { place: 'a refusal', answer: message({ content: null, refusal: ALL }) },
  {
    place: 'a field nobody knows',
    answer: message({ reasoning_content: ALL, [`x ${ALL}`]: [{ deep: ALL }] }),
  },
  {
    place: 'a call',
    answer: message({
      content: null,
      tool_calls: [
        {
          id: ALL,
          type: 'function',
          function: { name: ALL, arguments: JSON.stringify({ all: ALL, [ALL]: 1 }) },
        },
      ],
    }),
  },
  {
    place: 'arguments that are no JSON',
    answer: message({
      tool_calls: [{ id: 't', type: 'function', function: { name: 'f', arguments: `{${ALL}` } }],
    }),
  },
  { place: 'the name of the model', answer: message({}, { model: ALL }) },
  { place: 'the fingerprint', answer: message({}, { system_fingerprint: ALL }) },
  { place: 'the id of the request', answer: headers('200 OK', [`x-request-id: ${ALL}`]) },
  {
    place: 'a finish reason',
    answer: message({}, { choices: [{ finish_reason: ALL, message: { content: 'x' } }] }),
  },
  { place: 'the words of an error', answer: error('400 Bad', { message: ALL }) },
  { place: 'the code of an error', answer: error('400 Bad', { code: ALL, type: ALL, param: ALL }) },
  { place: 'an error that is no JSON', answer: http('400 Bad', { body: `<html>${ALL}` }) },
  { place: 'an answer that is none', answer: http('200 OK', { body: `no answer but ${ALL}` }) },
  {
    place: 'where it redirects to',
    answer: headers('302 Found', [`location: http://x.test/${ALL.replaceAll(' ', '')}`]),
  },
  { place: 'the reason phrase', answer: headers(`400 ${ALL}`, []) },
];

export const row: Row = {
  name: 'lost-secrets',
  how: `a server answers with the key, a header's token and an unrelated secret of the environment in ${LEAKS.length} places`,
  holds: 'no file, no trace, no event, no output of any command holds one of them, raw or as JSON writes it',
  full: 3,
  unit: 'runs',
  seconds: 25,
  async run({ count, isOver }) {
    let tried = 0;
    for (; tried < count && !isOver(); tried++) await round();
    return { tried, seen: `${tried * LEAKS.length} leaks, 0 found again` };
  },
};

async function round(): Promise<void> {
  let sent = 0;
  await using recorder = await startRecorder();
  await using provider = await startRawProvider(({ scenario, socket }) => {
    sent += 1;
    socket.write(LEAKS[Number(scenario.slice(1))]!.answer);
  });
  await withFolder(async (cwd) => {
    const account = `api_key_env: MY_KEY, headers: { x-gateway: "\${GATEWAY_TOKEN}" }`;
    writeExperiment(cwd, {
      ...{ variants: 1, scenarios: LEAKS.length, runs: 1, concurrency: 2 },
      sim: `{ type: openai, base_url: "${provider.url}", model: m, ${account} }`,
      more: ['model: m'],
    });
    const options = { cwd, env: { ...CANARIES, LANGSMITH_ENDPOINT: recorder.url } };
    const outputs = [await program(['run', '--events', 'events.jsonl', '--langsmith-flush', '30s'], options)];
    assert.ok(sent >= LEAKS.length, tail(outputs[0]!.stderr));
    const keys = [...recordsByKey(cwd).keys()];
    assert.equal(keys.length, LEAKS.length);
    for (const key of keys) outputs.push(await program(['show', key, '--json'], options));
    for (const args of [['history', '--json'], ['status'], ['plan', '--explain'], ['fsck']]) {
      outputs.push(await program(args, options));
    }
    assert.ok(recorder.roots().length >= LEAKS.length, 'no trace came to LangSmith');
    for (const body of recorder.bodies) checkClean('a trace', body);
    for (const { stdout, stderr } of outputs) checkClean('an output', `${stdout}\n${stderr}`);
    const kept = [...recordsByKey(cwd).values()].flat().join('\n');
    for (const name of Object.keys(CANARIES)) {
      assert.ok(kept.includes(`[redacted:${name}]`), `${name} never came to where it has to be taken out`);
    }
    for (const file of filesBelow(cwd)) checkClean(file, readFileSync(path.join(cwd, file), 'utf8'));
  });
}

function checkClean(where: string, text: string): void {
  for (const [name, canary] of Object.entries(CANARIES)) {
    for (const form of [canary, JSON.stringify(canary).slice(1, -1)]) {
      const at = text.indexOf(form);
      assert.ok(at < 0, `${name} is in ${where}: ${text.slice(Math.max(0, at - 150), at + 40)}`);
    }
  }
}
