// EXPGRAPH_DEBUG tells what goes on inside, to people, on stderr, and no secret.
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { writeFiles } from '../rig/files.ts';
import { startModelServer } from '../rig/model-server.ts';
import { tempFolder } from '../rig/temp.ts';

const KEY = 'sk-canary-0123456789abcdef';

function small(url: string): string {
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: small
provider: mine
model: m
scenarios: [s.yaml]
execution: { retries: 0 }
providers: { mine: { type: openai, base_url: "${url}", api_key_env: MY_KEY } }
variants: { a: {} }
`,
    's.yaml': '- { id: one, input: "the words of the user" }\n',
  });
  return folder;
}

/** A run whose server refuses the key, and says it. */
async function told(asked: string, ...args: string[]) {
  await using server = await startModelServer();
  void server
    .next()
    .then((request) => request.answer({ error: { message: `${KEY} is wrong` } }, { status: 401 }));
  const { stderr, stdout } = await cli(args, {
    cwd: small(server.url),
    env: { MY_KEY: KEY, ...(asked === '' ? {} : { EXPGRAPH_DEBUG: asked }) },
  });
  return {
    url: server.url,
    stderr,
    stdout,
    lines: stderr.split('\n').filter((line) => line.startsWith('debug ')),
  };
}

it('tells of the lock, the plan, each order and each event, and of no secret and no message', async () => {
  const { url, lines, stderr } = await told('1', 'run');
  const of = (topic: string) => lines.filter((line) => line.includes(` ms ${topic}: `));
  expect(of('lock')).toEqual([expect.stringContaining('has artifacts/small')]);
  expect(of('plan')).toEqual([expect.stringContaining('"pending":1')]);
  expect(of('order')).toEqual([
    expect.stringContaining(`a/one/1 attempt 1: openai chat at ${url}, m, 1 messages, 0 tools, 60000 ms`),
    expect.stringMatching(/a\/one\/1 attempt 1: unauthorized 401 after \d+ ms: .*is wrong/),
  ]);
  expect(of('event').map((line) => /"kind":"([a-z-]+)"/.exec(line)?.[1])).toEqual(
    expect.arrayContaining(['invocation-started', 'attempt-started', 'attempt-failed', 'invocation-ended']),
  );
  expect(stderr).not.toContain(KEY);
  expect(of('order').join()).not.toMatch(/the words of the user/);
});

it('tells of what is named, and says which names there are where one is misspelled', async () => {
  const { lines, stderr } = await told('lock, odrer', 'run');
  expect(lines).toEqual([expect.stringContaining('has artifacts/small')]);
  expect(stderr).toContain(
    'EXPGRAPH_DEBUG does not know odrer; it knows load, plan, lock, event, order, and 1 for all',
  );
});

it.each(['', '0', 'off'])('says nothing where nobody asks: "%s"', async (asked) => {
  expect((await told(asked, 'run')).lines).toEqual([]);
});

it('leaves stdout to what was asked for', async () => {
  const { stdout } = await told('1', 'run', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ experiment: 'small' });
});
