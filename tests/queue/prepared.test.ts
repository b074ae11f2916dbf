// MCP servers and tests in pytest go over workers, in the folder of the run and in a checkout of their own.
import { describe, expect, it, onTestFinished } from 'vitest';
import { cli } from '../rig/cli.ts';
import { ROOT, writeFiles } from '../rig/files.ts';
import { startLoopServer } from '../rig/loop-server.ts';
import { startProgram } from '../rig/program.ts';
import { PYTHON_WITH_PYTEST } from '../rig/python.ts';
import { NO_REDIS, startRedis, WITH_REDIS } from '../rig/redis.ts';
import { recordsByKey } from '../rig/small-experiment.ts';
import { tempFolder } from '../rig/temp.ts';

const FILES = (url: string): { readonly [file: string]: string } => ({
  'experiment.yaml': `
version: 1
name: small
runs: 1
model: m
provider: p
scenarios: [scenarios.jsonl]
providers:
  p: { type: openai, base_url: "${url}", api_key_env: SPREAD_KEY }
variants:
  served: { max_turns: 3, mcp: { command: [node, ${ROOT}/examples/mcp/shelf-server.ts] } }
  tests: { provider: none, pytest: { path: tests, python: ${PYTHON_WITH_PYTEST ?? 'python3'} } }
`,
  'scenarios.jsonl': '{"id":"one","input":"What is it?"}\n',
  'tests/test_one.py': `import pytest

@pytest.mark.parametrize("case", [{"id": "one", "input": "What is it?"}], ids=lambda case: case["id"])
@pytest.mark.parametrize("variant", ["tests"])
def test_one(variant, case, expgraph):
    expgraph.record(text="told by a test")
`,
});

describe.skipIf(NO_REDIS || PYTHON_WITH_PYTEST === null)(
  `what has to be prepared, over a queue${WITH_REDIS}`,
  () => {
    for (const where of ['the folder of the run', 'a checkout of its own'] as const) {
      it(`is done by a worker in ${where} as in one process`, async () => {
        const redis = await startRedis();
        const server = await startLoopServer({ turns: 2 });
        onTestFinished(() => server[Symbol.asyncDispose]());
        const [local, spread] = [tempFolder(), tempFolder()];
        const work = where === 'the folder of the run' ? spread : tempFolder();
        for (const folder of new Set([local, spread, work])) writeFiles(folder, FILES(server.url));
        const env = { SPREAD_KEY: 'k' };
        const here = await cli(['run'], { cwd: local, env });
        expect(here.code, here.stderr).toBe(0);
        const worker = startProgram(['worker', '--redis', redis.url, '--idle', '10s'], { cwd: work, env });
        onTestFinished(() => void worker.child.kill('SIGKILL'));
        const run = await startProgram(['run', '--wait', '--executor', 'queue', '--redis', redis.url], {
          cwd: spread,
        }).ended;
        worker.child.kill('SIGINT');
        const ended = await worker.ended;
        expect(run.code, run.stderr + ended.stderr).toBe(0);
        expect(ended.stderr).toContain('2 orders done');
        expect(textsOf(spread)).toEqual(textsOf(local));
      });
    }
  },
);

function textsOf(folder: string): readonly string[] {
  return [...recordsByKey(folder)]
    .map(([key, [line]]) => {
      const { variant, status, output } = JSON.parse(line!) as {
        variant: string;
        status: string;
        output: { text: string };
      };
      return `${key} ${variant} ${status} ${output.text}`;
    })
    .sort();
}
