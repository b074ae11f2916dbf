// What goes wrong at the start of a run is said once, with what to do; what a stopped run has is judged and gone on with.
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { writeFiles } from '../rig/files.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { type HeldRequest, startModelServer } from '../rig/model-server.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

function experiment(of: {
  readonly provider: string;
  readonly scenarios?: number;
  readonly more?: string;
}): string {
  const folder = tempFolder();
  const ids = Array.from({ length: of.scenarios ?? 12 }, (_, i) => `s${i}`);
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: small
provider: p
model: m-large
scenarios: [s.yaml]
providers: { p: { type: openai${of.provider} } }
variants: { one: { system: be one }, two: { system: be two } }
${of.more ?? ''}`,
    's.yaml': ids
      .map((id) => `- { id: ${id}, input: "say ${id}", expect: { contains: ["yes"] } }\n`)
      .join(''),
  });
  return folder;
}

const KEY = { OPENAI_API_KEY: 'sk-test-0123456789' };

/** Answers whoever asks, for as long as the server is there. */
function answerAll(
  server: { next(): Promise<HeldRequest> },
  answer: (request: HeldRequest) => void,
): { readonly asked: () => number } {
  let asked = 0;
  const go = async (): Promise<void> => {
    for (;;) {
      const request = await server.next();
      asked++;
      answer(request);
    }
  };
  void go();
  return { asked: () => asked };
}

const linesWith = (text: string, words: string): number =>
  text.split('\n').filter((line) => line.includes(words)).length;

it('a key that is not set is refused before anything starts, and only where a task needs it', async () => {
  const folder = experiment({ provider: '' });
  const { code, stderr } = await cli(['run'], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toBe(`error: OPENAI_API_KEY is not set: the key of provider p, for 24 tasks of one, two
  help: export OPENAI_API_KEY=..., or name another variable: providers: { p: { api_key_env: NAME } }
expgraph: a key is missing; nothing was started
`);
  writeFiles(folder, { 'own.mjs': 'export default { run: async () => ({ text: "yes" }) };\n' });
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: small
provider: p
model: m-large
scenarios: [s.yaml]
providers: { p: { type: openai } }
variants: { own: { use: ./own.mjs } }
`,
  });
  expect((await cli(['run'], { cwd: folder })).code).toBe(0);
});

it('a wrong key is said once, however many calls were under way', async () => {
  await using server = await startModelServer();
  const folder = experiment({ provider: `, base_url: "${server.url}"` });
  const { ended } = startCli(['run'], { cwd: folder, env: KEY });
  const held = await Promise.all(Array.from({ length: 8 }, () => server.next()));
  answerAll(server, (request) => request.answer(WRONG_KEY, { status: 401 }));
  for (const one of held) one.answer(WRONG_KEY, { status: 401 });
  const { code, stderr } = await ended;
  expect([code, linesWith(stderr, 'Incorrect API key')]).toEqual([1, 1]);
});

const WRONG_KEY = { error: { message: 'Incorrect API key provided', code: 'invalid_api_key' } };

it('equal failures are said once, with their count and another example', async () => {
  await using server = await startModelServer();
  const folder = experiment({
    provider: `, base_url: "${server.url}"`,
    more: 'execution: { concurrency: 6 }\n',
  });
  answerAll(server, (request) =>
    request.answer({ error: { message: 'Unsupported: frobnicate' } }, { status: 400 }),
  );
  const { stderr } = await cli(['run'], { cwd: folder, env: KEY });
  expect(linesWith(stderr, 'failed: ')).toBe(1);
  expect(stderr).toMatch(
    /^error: and \d+ more like it: bad-request \(400\); the last one: \w+ · s\d+ · run 1$/m,
  );
});

it('a host that does not exist ends at once and names what to correct', async () => {
  const folder = experiment({ provider: ', base_url: "http://no-such-host.invalid/v1"' });
  const { code, stdout } = await cli(['run'], { cwd: folder, env: KEY });
  expect(code).toBe(1);
  expect(stdout).toContain(
    'Stopped: there is no host no-such-host.invalid for provider p (ENOTFOUND): correct providers.p.base_url at experiment.yaml:6: 24 tasks are left',
  );
});

/** An address at which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

it('a server that is not started is told once, waited for as long as is said, and its tasks are left', async () => {
  const port = await freePort();
  const folder = experiment({ provider: `, base_url: "http://127.0.0.1:${port}/v1"` });
  const { code, stderr, stdout } = await cli(['run', '--wait-for-provider', '1s'], { cwd: folder, env: KEY });
  expect(code).toBe(1);
  expect(linesWith(stderr, `nothing listens at http://127.0.0.1:${port}`)).toBe(1);
  expect(stderr).toContain('Ctrl-C stops waiting');
  expect(stdout).toContain(`Stopped: nothing listens at http://127.0.0.1:${port} (provider p) after 1 s`);
  expect((await cli(['run', '--wait-for-provider', 'soon'], { cwd: folder, env: KEY })).code).toBe(2);
});

it('a run that is stopped judges by rules what it has drawn, and names the command that goes on', async () => {
  await using server = await startModelServer();
  const folder = experiment({
    provider: `, base_url: "${server.url}", limits: { concurrency: 2 }`,
    more: 'scorers: [contains]\n',
  });
  const { child, ended } = startCli(['run', '--scenario', 's*'], { cwd: folder, env: KEY });
  const held = [await server.next(), await server.next()];
  const stopping = new Promise<void>((resolve) => {
    child.stderr!.on('data', (text: string) => text.includes('Stopping:') && resolve());
  });
  child.kill('SIGTERM');
  await stopping;
  for (const one of held) one.answer(chatAnswer('yes'));
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  expect(stdout).toMatch(/contains .* 1 of 1 +1\.000|contains .* 2 of 2 +1\.000/);
  expect(stdout).toMatch(/npx expgraph run --scenario 's\*' +# go on: 22 tasks left/);
});

it('a --force that is broken off goes on where it was, and begins again with --anew', async () => {
  await using server = await startModelServer();
  const folder = experiment({ provider: `, base_url: "${server.url}"`, scenarios: 6 });
  const { asked } = answerAll(server, (request) => request.answer(chatAnswer('yes')));
  const run = async (...args: string[]) => {
    const before = asked();
    const { stderr } = await cli(['run', ...args], { cwd: folder, env: KEY });
    return { stderr, asked: asked() - before };
  };
  expect((await run()).asked).toBe(12);
  expect((await run('--force', '--max-new', '5')).asked).toBe(5);
  const rest = await run('--force');
  expect(rest.asked).toBe(7);
  expect(rest.stderr).toMatch(
    /note: 5 of 12 forced tasks were drawn by 0002-[\w-]+ before it was broken off; the other 7 go on/,
  );
  // It has come to its end: the next one is another.
  expect((await run('--force', '--max-new', '5')).asked).toBe(5);
  // Another scope is another command.
  expect((await run('--force', '--variant', 'one')).asked).toBe(6);
  expect((await run('--force', '--anew')).asked).toBe(12);
});

it('doctor asks for the list of models, and says which one was meant', async () => {
  await using server = await startModelServer();
  const folder = experiment({ provider: `, base_url: "${server.url}"` });
  answerAll(server, (request) => request.answer({ data: [{ id: 'm-larg' }, { id: 'other' }] }));
  const { code, stdout } = await cli(['doctor'], { cwd: folder, env: KEY });
  expect(code).toBe(0);
  expect(stdout).toContain('answers (200 to GET /models): it lists 2 models');
  expect(stdout).toMatch(/warning +model of p +m-large is not in its list\n +-> did you mean m-larg\?/);
});
