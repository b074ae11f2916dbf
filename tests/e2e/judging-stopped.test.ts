// What a run that was stopped still judges, by whom and for how much, and what is said of judging that was stopped itself.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { writeFiles } from '../rig/files.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { type HeldRequest, startModelServer } from '../rig/model-server.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

const KEY = { MY_KEY: 'sk-test-0123456789' };
const SCENARIOS = 6;

/** Drawn and judged by one server, which knows the judge by its model. */
function experiment(url: string, of: { readonly execution?: string; readonly drawn?: string } = {}): string {
  const cwd = tempFolder();
  writeFiles(cwd, {
    'experiment.yaml': `version: 1
name: small
provider: drawn
model: m
scenarios: [s.yaml]
providers:
  drawn: { type: openai, base_url: "${of.drawn ?? url}", api_key_env: MY_KEY, limits: { concurrency: 1 }, pricing: { m: { input: 0, output: 1000000 } } }
  judges: { type: openai, base_url: "${url}", api_key_env: MY_KEY, limits: { concurrency: 1 }, pricing: { j: { input: 0, output: 1000000 } } }
variants: { one: { system: be one, max_output_tokens: 10 } }
scorers:
  - contains
  - { name: quality, judge: { model: j, provider: judges, rubric: "Is it good?", max_output_tokens: 3 } }
${of.execution ?? ''}`,
    's.yaml': Array.from(
      { length: SCENARIOS },
      (_, i) => `- { id: s${i}, input: "say s${i}", expect: { contains: ["yes"] } }\n`,
    ).join(''),
  });
  return cwd;
}

const isJudge = ({ body }: HeldRequest): boolean => (body as { readonly model: string }).model === 'j';

/** Each answer differs from the others, so that each is judged; an answer costs 10 USD, a verdict 3. */
function reply(request: HeldRequest, index: number): void {
  const completionTokens = isJudge(request) ? 3 : 10;
  const answer = chatAnswer(isJudge(request) ? '{"score": 1, "reason": "good"}' : `yes, ${index}`);
  // What a question costs is nothing here.
  const usage = { prompt_tokens: 1, completion_tokens: completionTokens, total_tokens: completionTokens + 1 };
  request.answer({ ...answer, usage });
}

function answerAll(server: { next(): Promise<HeldRequest> }): {
  readonly judged: () => number;
  readonly drawn: () => number;
} {
  let [judged, drawn] = [0, 0];
  const go = async (): Promise<void> => {
    for (;;) {
      const request = await server.next();
      if (isJudge(request)) judged++;
      else drawn++;
      reply(request, judged + drawn);
    }
  };
  void go();
  return { judged: () => judged, drawn: () => drawn };
}

type Kept = { readonly how: string; readonly why: string | null };

/** Of the invocation with this number: of its draws, and of its judgements. */
function kept(cwd: string, number: string): { readonly drawn: Kept | null; readonly judged: Kept | null } {
  const read = (root: string): Kept | null => {
    const folder = path.join(cwd, 'artifacts/small', root);
    const name = readdirSync(folder).find((one) => one.startsWith(number));
    if (name === undefined) return null;
    const { how, why } = JSON.parse(readFileSync(path.join(folder, name, 'invocation.json'), 'utf8')) as Kept;
    return { how, why };
  };
  return { drawn: read('history'), judged: read('scores/history') };
}

const scoresIn = (stdout: string) =>
  (JSON.parse(stdout) as { readonly scores: { readonly executed: number } }).scores.executed;

it('a budget that holds no more answers is spent on judging those that are there, and not beyond it', async () => {
  await using server = await startModelServer();
  const asked = answerAll(server);
  const cwd = experiment(server.url, { execution: 'execution: { budget_usd: 28 }\n' });
  const { code, stdout } = await cli(['run', '--json'], { cwd, env: KEY });
  // Two answers for 20, a third would be 30; two verdicts for 6.
  expect([code, asked.drawn(), asked.judged()]).toEqual([3, 2, 2]);
  expect(scoresIn(stdout)).toBe(4);
});

it('a budget without a rest is judged by rules alone', async () => {
  await using server = await startModelServer();
  const asked = answerAll(server);
  const cwd = experiment(server.url, { execution: 'execution: { budget_usd: 22 }\n' });
  const { code, stdout } = await cli(['run', '--json'], { cwd, env: KEY });
  expect([code, asked.drawn(), asked.judged(), scoresIn(stdout)]).toEqual([3, 2, 0, 2]);
});

it('--max-new has judges judge what it has drawn', async () => {
  await using server = await startModelServer();
  const asked = answerAll(server);
  const cwd = experiment(server.url);
  const { code } = await cli(['run', '--max-new', '2'], { cwd, env: KEY });
  expect([code, asked.drawn(), asked.judged()]).toEqual([3, 2, 2]);
});

it('a run that is asked to end while a judge judges keeps which signal it was, and log shows it', async () => {
  await using server = await startModelServer();
  const cwd = experiment(server.url);
  const { child, ended } = startCli(['run'], { cwd, env: KEY });
  const stopping = new Promise<void>((resolve) => {
    child.stderr!.on('data', (text: string) => text.includes('Stopping:') && resolve());
  });
  for (let i = 0; i < SCENARIOS; i++) reply(await server.next(), i);
  const held = await server.next();
  child.kill('SIGTERM');
  await stopping;
  reply(held, SCENARIOS);
  expect((await ended).code).toBe(130);
  const why = expect.stringContaining('interrupted by SIGTERM: another program asked it to end');
  expect(kept(cwd, '0001')).toEqual({
    drawn: { how: 'interrupted', why },
    judged: { how: 'interrupted', why },
  });
  // All is drawn: the next one only judges, and is stopped on its way as well.
  const second = startCli(['run'], { cwd, env: KEY });
  const again = new Promise<void>((resolve) => {
    second.child.stderr!.on('data', (text: string) => text.includes('Stopping:') && resolve());
  });
  const heldAgain = await server.next();
  second.child.kill('SIGHUP');
  await again;
  reply(heldAgain, SCENARIOS);
  expect((await second.ended).code).toBe(130);
  const lost = expect.stringContaining(
    'interrupted by SIGHUP: its terminal was closed or its connection lost',
  );
  expect(kept(cwd, '0002')).toEqual({ drawn: null, judged: { how: 'interrupted', why: lost } });
  const { stdout } = await cli(['log'], { cwd });
  expect(stdout.match(/interrupted by SIG\w+/g)).toEqual(['interrupted by SIGHUP', 'interrupted by SIGTERM']);
});

it('a provider that is not there is waited for once, by who draws and who judges', async () => {
  await using server = await startModelServer();
  const asked = answerAll(server);
  const cwd = experiment(server.url);
  expect((await cli(['run', '--max-new', '2', '--no-score'], { cwd, env: KEY })).code).toBe(3);
  const gone = 'http://127.0.0.1:9/v1';
  const yaml = readFileSync(path.join(cwd, 'experiment.yaml'), 'utf8');
  writeFiles(cwd, {
    'experiment.yaml': yaml.replaceAll(server.url, gone).replace('provider: judges,', 'provider: drawn,'),
  });
  const { code, stdout, stderr } = await cli(['run', '--wait-for-provider', '1s'], { cwd, env: KEY });
  expect([code, asked.drawn(), asked.judged()]).toEqual([1, 2, 0]);
  expect(stderr.match(/it is waited for/g)).toHaveLength(1);
  expect(stdout.match(/nothing listens at/g)).toHaveLength(1);
});

it('a judge that is not there is told once in the end, and the answers are kept', async () => {
  await using server = await startModelServer();
  const asked = answerAll(server);
  const cwd = experiment('http://127.0.0.1:9/v1', { drawn: server.url });
  const { code, stdout } = await cli(['run', '--wait-for-provider', '1s'], { cwd, env: KEY });
  expect([code, asked.drawn()]).toEqual([1, SCENARIOS]);
  expect(stdout.match(/Stopped: nothing listens at/g)).toHaveLength(1);
  const again = await cli(['score', '--wait-for-provider', '1s'], { cwd, env: KEY });
  expect([again.code, again.stdout.match(/nothing listens at .* after 1 s/g)?.length]).toEqual([1, 1]);
  expect((await cli(['score', '--wait-for-provider', 'soon'], { cwd, env: KEY })).code).toBe(2);
});
