// Traces that a harness sends to LangSmith by itself, and ours of the same items: below ours, or beside them and linked where
// LangSmith's own pytest plugin needs a root of its own. The SDK is LangSmith's for Python, the newest and an old one.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../rig/appears.ts';
import { cli } from '../rig/cli.ts';
import { filesBelow, jsonLines, writeFiles } from '../rig/files.ts';
import { API_KEY, type Recorder, startRecorder } from '../rig/langsmith-recorder.ts';
import { HARNESS_PACKAGES, pythonEnv } from '../rig/python-env.ts';
import { tempFolder } from '../rig/temp.ts';

const NEWEST = await pythonEnv(HARNESS_PACKAGES);
const OLD = await pythonEnv(['pytest', 'pytest-asyncio', 'pytest-xdist', 'langsmith==0.3.45']);

const HARNESS = `import pytest
from langsmith import traceable

@traceable(run_type="tool")
def look_up(word): return f"found {word}"

@traceable
def agent(word): return look_up(word)

@traceable
async def slow_agent(word): return look_up(word)

@pytest.mark.parametrize("scenario", ["one", "two"])
@pytest.mark.parametrize("variant", ["a", "b"])
def test_it(variant, scenario):
    print(agent(scenario))

@pytest.mark.parametrize("scenario", ["one", "two"])
@pytest.mark.parametrize("variant", ["a", "b"])
@pytest.mark.asyncio
async def test_async(variant, scenario):
    print(await slow_agent(scenario))
`;

const MARKED = `import pytest
from langsmith import testing as t, traceable

@traceable
def agent(word): return f"found {word}"

@pytest.mark.langsmith
@pytest.mark.parametrize("scenario", ["one", "two"])
@pytest.mark.parametrize("variant", ["a"])
def test_it(variant, scenario):
    t.log_feedback(key="kind", score=0.5, comment=f"of {scenario}")
    print(agent(scenario))
`;

let recorder: Recorder;
let folder = '';
beforeEach(async () => {
  recorder = await startRecorder();
  folder = tempFolder();
});
afterEach(async () => {
  await recorder[Symbol.asyncDispose]();
});

type Rec = {
  readonly type: string;
  readonly scenario: string;
  readonly trace: { readonly langsmith_run_id: string; readonly harness?: { readonly run_id: string } };
};

async function run(of: {
  readonly python: string;
  readonly test: string;
  readonly args?: readonly string[];
  readonly manifest?: string;
  readonly env?: { readonly [name: string]: string };
  readonly pass?: readonly string[];
}): Promise<readonly Rec[]> {
  const {
    python,
    test,
    args = [],
    manifest = '',
    pass = ['LANGSMITH_TRACING', 'LANGSMITH_TEST_TRACKING'],
  } = of;
  const ids =
    test === MARKED ? ['one', 'two'] : ['one', 'two'].flatMap((id) => [`test_it:${id}`, `test_async:${id}`]);
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: traced
runs: 1
scenarios: [scenarios.yaml]
${manifest}pytest:
  path: tests
  python: ${python}/bin/python
  args: ${JSON.stringify(args)}
  pass_env: [${['LANGSMITH_API_KEY', 'LANGSMITH_ENDPOINT', ...pass].join(', ')}]
variants: ${test === MARKED ? '{ a: {} }' : '{ a: {}, b: {} }'}
`,
    'scenarios.yaml': ids.map((id) => `- { id: "${id}", input: "x" }\n`).join(''),
    'tests/test_it.py': test,
  });
  const env = {
    LANGSMITH_API_KEY: API_KEY,
    LANGSMITH_ENDPOINT: recorder.url,
    LANGSMITH_TRACING: 'true',
    ...of.env,
  };
  const { code, stdout, stderr } = await cli(['run', '--langsmith-flush', '30s'], { cwd: folder, env });
  if (code !== 0) throw new Error(`exit ${code}: ${stdout}${stderr}`);
  return filesBelow(folder)
    .filter((file) => /^artifacts\/traced\/runs\/.*\.jsonl$/.test(file))
    .flatMap((file) => jsonLines(`${folder}/${file}`) as unknown as Rec[])
    .filter(({ type }) => type === 'scenario_result');
}

/** Each trace of ours by its name, its spans from the root down. */
function trees(): { readonly [root: string]: readonly string[] } {
  const all = [...recorder.runs.values()];
  const below = (id: unknown): readonly string[] =>
    all.filter((one) => one.parent_run_id === id).flatMap((one) => [String(one.name), ...below(one.id)]);
  return Object.fromEntries(
    recorder.roots().map((root) => [`${root.name} ${variantOf(root)}`, below(root.id)]),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: spans are looked at piece by piece
const variantOf = (run: any): string =>
  String(run.extra?.metadata?.variant ?? run.extra?.metadata?.expgraph_variant);

const NESTED = {
  'test_it:one a': ['agent', 'look_up'],
  'test_it:two a': ['agent', 'look_up'],
  'test_async:one a': ['slow_agent', 'look_up'],
  'test_async:two a': ['slow_agent', 'look_up'],
  'test_it:one b': ['agent', 'look_up'],
  'test_it:two b': ['agent', 'look_up'],
  'test_async:one b': ['slow_agent', 'look_up'],
  'test_async:two b': ['slow_agent', 'look_up'],
};

describe.each([
  ['newest', NEWEST],
  ['0.3', OLD],
])("LangSmith's SDK of a harness, %s", (_, python) => {
  it.skipIf(python === null).each([[[]], [['-n', '2']]])(
    'nests below our traces, of async tests as well, with arguments %j',
    async (args) => {
      await run({ python: python!, test: HARNESS, args });
      expect(trees()).toEqual(NESTED);
      expect(recorder.check()).toMatchObject({ orphans: 0, unended: 0 });
      for (const span of recorder.runs.values()) {
        const root = recorder.runs.get(String(span.trace_id))!;
        expect(String(span.dotted_order).startsWith(String(root.dotted_order))).toBe(true);
        expect(span.session_name).toBe('expgraph');
        expect(variantOf(span)).toBe(variantOf(root));
      }
    },
    60_000,
  );

  it.skipIf(python === null)(
    'whose pytest plugin makes an experiment keeps it; both name each other, and feedback reaches both',
    async () => {
      const records = await run({
        python: python!,
        test: MARKED,
        manifest: 'scorers:\n  - { name: said, regex: found }\n',
      });
      const scored = await cli(['score'], {
        cwd: folder,
        env: { LANGSMITH_API_KEY: API_KEY, LANGSMITH_ENDPOINT: recorder.url },
      });
      expect([scored.code, scored.stderr]).toEqual([0, expect.anything()]);
      // Sent by a process that nobody waits for: four of each record's own and of the harness's root.
      await until(() => recorder.feedback.size >= 14);
      expect(records).toHaveLength(2);
      for (const { scenario, trace } of records) {
        const ours = recorder.runs.get(trace.langsmith_run_id)!;
        const theirs = recorder.runs.get(trace.harness!.run_id)!;
        expect(theirs).toMatchObject({ name: 'test_it' });
        expect(theirs.parent_run_id ?? null).toBeNull();
        expect(theirs).toHaveProperty('reference_example_id');
        expect(ours).toMatchObject({
          name: scenario,
          extra: { metadata: { harness_run_id: trace.harness!.run_id } },
        });
        expect(theirs).toMatchObject({ extra: { metadata: { expgraph_run_id: trace.langsmith_run_id } } });
        const keys = (id: string) =>
          [...recorder.feedback.values()]
            .filter((one) => one.run_id === id)
            .map(({ key, score }) => `${key} ${score}`)
            .sort();
        expect(keys(trace.langsmith_run_id)).toEqual(['kind 0.5', 'outcome 1', 'said 1']);
        expect(keys(trace.harness!.run_id)).toEqual(['kind 0.5', 'outcome 1', 'pass 1', 'said 1']);
      }
    },
    60_000,
  );
});

describe.skipIf(NEWEST === null)("LangSmith's SDK of a harness", () => {
  it('that does not trace sends nothing below ours', async () => {
    await run({ python: NEWEST!, test: HARNESS, pass: [] });
    expect(Object.values(trees())).toEqual(Array(8).fill([]));
  });

  it('whose experiments are off nests as any other', async () => {
    await run({ python: NEWEST!, test: MARKED, env: { LANGSMITH_TEST_TRACKING: 'false' } });
    expect(trees()).toEqual({ 'one a': ['agent'], 'two a': ['agent'] });
    expect(recorder.datasets.size).toBe(0);
  });

  it('stands beside ours, named by it, where ours count in an experiment', async () => {
    const records = await run({
      python: NEWEST!,
      test: HARNESS,
      manifest: 'tracing: { langsmith: { experiments: true } }\n',
    });
    const ids = records.map(({ trace }) => trace.langsmith_run_id).sort();
    const theirs = recorder.roots().filter(({ name }) => /agent$/.test(String(name)));
    // biome-ignore lint/suspicious/noExplicitAny: spans are looked at piece by piece
    expect(theirs.map(({ extra }: any) => extra.metadata.expgraph_run_id).sort()).toEqual(ids);
  });
});
