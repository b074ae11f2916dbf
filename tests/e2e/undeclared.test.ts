// What is read and counts in no key is told with the line to add, whoever reads it; in CI it fails.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../rig/files.ts';
import { type HarnessRun, harnessRun } from '../rig/harness.ts';
import { PYTHON_WITH_PYTEST, withoutPytest, withoutPython } from '../rig/python.ts';

/** Names in the warnings, sorted. */
function told(stderr: string): readonly string[] {
  return [...stderr.matchAll(/ read (\S+), which counts in no key/g)].map(([, name]) => name!).sort();
}

/** What is hidden, what is declared, and what is nobody's business. */
const FILES = {
  'told.txt': 'told',
  'hidden.txt': 'hidden',
  'lists/a.txt': 'a',
  'data/d.txt': 'd',
  'node_modules/lib/x.txt': 'x',
  '.git/HEAD': 'x',
};

const INPUTS = 'inputs: [told.txt, "lists/*.txt"]\n';

async function toldBy(of: { readonly variant: string; readonly files: { readonly [name: string]: string } }) {
  const made = harnessRun({
    manifest: `${INPUTS}variants: { mine: ${of.variant} }`,
    files: { ...FILES, ...of.files },
    scenarios: ['one'],
  });
  const { code, stderr } = await made.run('run');
  expect([code, stderr.includes('failed ·')]).toEqual([0, false]);
  return told(stderr);
}

describe('own code', () => {
  it.each([
    ['readFileSync', "fs.readFileSync('hidden.txt')", ['hidden.txt']],
    ['a callback', "await new Promise((done) => fs.readFile('hidden.txt', done))", ['hidden.txt']],
    ['a promise', "await fs.promises.readFile('hidden.txt')", ['hidden.txt']],
    ['a handle', "await (await fs.promises.open('hidden.txt')).close()", ['hidden.txt']],
    ['a descriptor', "fs.closeSync(fs.openSync('hidden.txt', fs.constants.O_RDONLY))", ['hidden.txt']],
    ['a stream', "for await (const _ of fs.createReadStream('hidden.txt')) {}", ['hidden.txt']],
    ['a copy', "fs.copyFileSync('hidden.txt', 'copy.txt'); fs.readFileSync('copy.txt')", ['hidden.txt']],
    ['a listing', "fs.readdirSync('data')", ['data/']],
    ['a listing by promise', "await fs.promises.readdir(new URL('./data', import.meta.url))", ['data/']],
    ['an opened folder', "fs.opendirSync('data').closeSync()", ['data/']],
    // Names that are put together count with all that they may mean; what is made as text counts for nothing.
    ['a late import', 'await eval("import(\'./late.mjs\')")', ['late.mjs']],
    ['a late require', 'const at = createRequire(import.meta.url); eval("at(\'./late.cjs\')")', ['late.cjs']],
    ['a word of a program', "execFileSync('cat', ['hidden.txt'])", ['hidden.txt']],
    ['a shell', "execSync('cat hidden.txt')", ['hidden.txt']],
    ['a child', "execFileSync('node', ['-e', 'require(`fs`).readFileSync(`hidden.txt`)'])", ['hidden.txt']],
    ['what it made', "fs.writeFileSync('made.txt', 'x'); fs.readFileSync('made.txt')", []],
    [
      'what is declared',
      "fs.readFileSync('told.txt'); fs.readdirSync('lists'); fs.readFileSync('lists/a.txt')",
      [],
    ],
    ['the experiment', "fs.readFileSync('experiment.yaml'); fs.readFileSync('scenarios.yaml')", []],
    ['what is installed', "fs.readFileSync('node_modules/lib/x.txt'); fs.readFileSync('.git/HEAD')", []],
    ['what is not there', "try { fs.readFileSync('nothing.txt'); } catch {}", []],
    ['what is elsewhere', "fs.readFileSync('/etc/hostname'); fs.readdirSync('/')", []],
  ])('tells of %s', async (_, code, expected) => {
    const names = await toldBy({
      variant: '{ use: ./mine.mjs }',
      files: {
        'late.mjs': 'export default 1;',
        'late.cjs': 'module.exports = 1;',
        'mine.mjs': `import fs from 'node:fs';
          import { createRequire } from 'node:module';
          import { execFileSync, execSync } from 'node:child_process';
          export default { run: async () => { ${code}; return 'x'; } };`,
      },
    });
    expect(names).toEqual(expected);
  });

  it('is told of what its thread read before, for what a module keeps is in every later answer', async () => {
    const made = harnessRun({
      manifest: 'strict_inputs: true\nexecution: { concurrency: 1 }\nvariants: { mine: { use: ./mine.mjs } }',
      files: {
        ...FILES,
        'mine.mjs':
          "import fs from 'node:fs';\nconst kept = fs.readFileSync('hidden.txt', 'utf8');\nexport default { run: () => kept };",
      },
    });
    expect((await made.run('run')).code).toBe(1);
    expect(kindsOf(made)).toEqual(Array(3).fill('undeclared-input'));
  });

  it('is not blamed for what another arm read in its thread', async () => {
    const made = harnessRun({
      manifest:
        'strict_inputs: true\nexecution: { concurrency: 1 }\nvariants: { mine: { use: ./mine.mjs }, other: { use: ./other.mjs } }',
      files: {
        ...FILES,
        'mine.mjs':
          "import fs from 'node:fs';\nexport default { run: () => fs.readFileSync('hidden.txt', 'utf8') };",
        'other.mjs': "export default { run: () => 'other' };",
      },
    });
    expect((await made.run('run')).code).toBe(1);
    expect(kindsOf(made)).toEqual(Array(3).fill('undeclared-input'));
    expect(kindsOf(made, 'other')).toEqual([null, null, null]);
  });
});

function kindsOf(made: HarnessRun, variant = 'mine'): readonly (string | null)[] {
  return Object.values(made.records(variant)).map(({ attempts }) => attempts.at(-1).error?.kind ?? null);
}

const PYTHON = `import glob, json, os, pathlib, sys
open("hidden.txt").read()
pathlib.Path("told.txt").read_text()
os.listdir("data")
glob.glob("lists/*.txt")
open("made.txt", "w").write("x")
open("made.txt").read()
exec(b"cimanyd tropmi"[::-1])
import helper
print(json.dumps({"text": " ".join(p for p in sys.path if "observe" in p)}))
`;

describe.skipIf(withoutPython())('a program in Python', () => {
  const files = { 'h.py': PYTHON, 'helper.py': '', 'dynamic.py': '' };

  it('tells of files, folders and late imports, and finds its path as it would be', async () => {
    const made = harnessRun({
      manifest: `${INPUTS}variants: { mine: { command: [python3, h.py] } }`,
      files: { ...FILES, ...files },
    });
    const { code, stderr } = await made.run('run');
    expect([code, told(stderr)]).toEqual([0, ['data/', 'dynamic.py', 'hidden.txt']]);
    expect(made.records('mine').one.output.text).toBe('');
    // Compiled modules are read instead of their sources the second time.
    const again = await made.run('run', '--force');
    expect(told(again.stderr)).toEqual(['data/', 'dynamic.py', 'hidden.txt']);
  });

  it('has the sitecustomize that it had', async () => {
    const made = harnessRun({
      manifest: 'variants: { mine: { command: [python3, h.py], env: { PYTHONPATH: own } } }',
      files: {
        'own/sitecustomize.py': 'import builtins\nbuiltins.OWN = __file__\n',
        'h.py':
          'import json, os, sitecustomize\nprint(json.dumps(os.path.relpath(OWN) + " " + str(sitecustomize.__file__ == OWN)))',
      },
    });
    expect((await made.run('run')).code).toBe(0);
    expect(made.records('mine').one.output.text).toBe('own/sitecustomize.py True');
  });

  it('tells of what it starts, too', async () => {
    const names = await toldBy({
      variant: '{ command: [python3, h.py] }',
      files: {
        'h.py': `import subprocess, sys
subprocess.run([sys.executable, "-c", "open('hidden.txt').read()"], check=True)
subprocess.run(["cat", "data/d.txt"], check=True, stdout=subprocess.DEVNULL)
print('"x"')`,
      },
    });
    expect(names).toEqual(['data/d.txt', 'hidden.txt']);
  });
});

const NODE_STREAM = `import fs from 'node:fs/promises';
import readline from 'node:readline';
const kept = await fs.readFile('hidden.txt', 'utf8');
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { id, task } = JSON.parse(line);
  if (task.scenario.id === 'three') await fs.readdir('data');
  console.log(JSON.stringify({ id, result: { text: kept } }));
}`;

describe('a program in Node', () => {
  it('that stays is charged with all that it has read so far', async () => {
    const made = harnessRun({
      manifest:
        'strict_inputs: true\nvariants: { mine: { command: [node, h.mjs], protocol: stream, processes: 1 } }',
      files: { ...FILES, 'h.mjs': NODE_STREAM },
    });
    expect((await made.run('run')).code).toBe(1);
    expect(kindsOf(made)).toEqual(Array(3).fill('undeclared-input'));
    expect(made.records('mine').three.attempts[0].error.message).toContain(
      'inputs: ["data/**", "hidden.txt"]',
    );
  });
});

describe.skipIf(withoutPytest())('pytest', () => {
  it('tells of what tests read, and not of how it finds them', async () => {
    const made = harnessRun({
      manifest: `strict_inputs: true\nvariants: { mine: { pytest: { path: tests, python: ${JSON.stringify(PYTHON_WITH_PYTEST)}, variants_from: { param: arm } } } }`,
      scenarios: ['a', 'b'],
      files: {
        ...FILES,
        'tests/conftest.py': '',
        'pyproject.toml': '[tool.other]\nx = 1\n[tool.pytest.ini_options]\naddopts = "-ra"\n',
        'tox.ini': '[other]\nx = 1\n',
        'tests/test_it.py': `import pytest
@pytest.mark.parametrize("s", ["a", "b"])
@pytest.mark.parametrize("arm", ["mine"])
def test_it(arm, s, expgraph):
    if s == "b":
        open("hidden.txt").read()
        open("pyproject.toml").read()
    expgraph.record(text=s)
`,
      },
    });
    const { code, stderr } = await made.run('run');
    expect([code, told(stderr)]).toEqual([1, ['hidden.txt', 'pyproject.toml']]);
    const { a, b } = made.records('mine');
    expect([a.status, b.status, b.attempts[0].error.kind]).toEqual([
      'completed',
      'failed',
      'undeclared-input',
    ]);
  });
});

describe.skipIf(withoutPytest())('a file that the manifest names and a test opens by itself', () => {
  const test = (values: string, body: string, fixture = '') => `import pathlib
import pytest
@pytest.mark.parametrize("s", ${values})
@pytest.mark.parametrize("arm", ["mine"])
def test_it(arm, s${fixture}):
    ${body}
    print(arm)
`;
  const DATA = '[pytest.param({"q": 1}, id="a"), pytest.param({"q": 2}, id="b")]';
  async function readBy(tests: string, more = '') {
    const made = harnessRun({
      manifest: `system: { file: prompt.txt }\n${more}variants: { mine: { pytest: { path: tests, python: ${JSON.stringify(PYTHON_WITH_PYTEST)}, variants_from: { param: arm } } } }`,
      scenarios: ['a', 'b'],
      files: { 'prompt.txt': 'Be brief.', 'tests/test_it.py': tests },
    });
    const { code, stderr } = await made.run('run');
    expect(code).toBe(0);
    return told(stderr);
  }

  it('is told, for nothing of it is in the key of such a test', async () => {
    const opens =
      'open("prompt.txt").read() + open("scenarios.yaml").read() + open("experiment.yaml").read()';
    expect(await readBy(test(DATA, opens))).toEqual(['experiment.yaml', 'prompt.txt', 'scenarios.yaml']);
    expect(await readBy(test(DATA, opens), 'inputs: ["*.yaml", prompt.txt]\n')).toEqual([]);
  });

  it('is not where what the manifest has from it counts: with the fixture, or for a scenario that is a name', async () => {
    const opens = 'open("prompt.txt").read() + open("scenarios.yaml").read()';
    expect(await readBy(test(DATA, opens, ', expgraph'))).toEqual([]);
    expect(await readBy(test('["a", "b"]', opens))).toEqual(['prompt.txt']);
  });

  it('is not where only the values of parameters are made of it', async () => {
    const made =
      'import json\n' +
      test(
        '[pytest.param({"line": line}, id=line[8]) for line in pathlib.Path("scenarios.yaml").read_text().splitlines()]',
        'pass',
      );
    expect(await readBy(made)).toEqual([]);
  });
});

const SHELF = path.join(ROOT, 'examples/mcp/shelf-server.ts');

describe('who else reads', () => {
  it('is an MCP server, where a tool of it is called', async () => {
    const made = harnessRun({
      manifest: `provider: sim
strict_inputs: true
max_turns: 4
system: "Today is 2026-02-15."
variants: { mine: { mcp: { command: [node, server.mjs, ${SHELF}], tools: [create_reminder] } } }`,
      files: {
        ...FILES,
        'scenarios.yaml': '- { id: milk, input: "Remind me to buy milk tomorrow at 5pm." }\n',
        'server.mjs':
          "import fs from 'node:fs';\nfs.readFileSync('hidden.txt');\nawait import(process.argv[2]);",
      },
    });
    const { code, stderr } = await made.run('run');
    expect([code, told(stderr), kindsOf(made)]).toEqual([1, ['hidden.txt'], ['undeclared-input']]);
  });

  it('is a scorer, whose line stands with the scorer', async () => {
    const manifest = `${INPUTS}variants: { mine: { use: ./mine.mjs } }\nscorers: [{ use: ./score.mjs, name: own }]`;
    const made = {
      files: {
        ...FILES,
        'mine.mjs': "export default { run: () => 'x' };",
        'score.mjs':
          "import fs from 'node:fs';\nexport default { score: () => { fs.readFileSync('told.txt'); fs.readFileSync('hidden.txt'); return 1; } };",
      },
    };
    const { code, stderr } = await harnessRun({ ...made, manifest }).run('run');
    // The experiment's inputs are in no key of a score.
    expect([code, told(stderr)]).toEqual([0, ['hidden.txt', 'told.txt']]);
    expect(stderr).toContain('scorer own read hidden.txt');
    expect(stderr).toContain('add it to scorer own: inputs: ["hidden.txt"]');
    const strict = harnessRun({ ...made, manifest: `strict_inputs: true\n${manifest}` });
    const { stdout } = await strict.run('run', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ failed: 0, scores: { executed: 3, failed: 3 } });
  });

  it('is a preparation step: strict, nothing is started', async () => {
    const manifest = (strict: string) =>
      `${strict}prepare: [{ command: [node, make.mjs], inputs: [told.txt], outputs: [built.txt] }]\nvariants: { mine: { use: ./mine.mjs } }`;
    const files = {
      ...FILES,
      'make.mjs':
        "import fs from 'node:fs';\nfs.writeFileSync('built.txt', fs.readFileSync('told.txt') + fs.readFileSync('hidden.txt'));",
      'mine.mjs': "export default { run: () => 'x' };",
    };
    const loose = await harnessRun({ manifest: manifest(''), files }).run('run');
    expect(loose.code).toBe(0);
    expect(loose.stderr).toContain(
      'node make.mjs (prepare) read hidden.txt, which counts in no key: editing it re-runs nothing; add to this step: inputs: ["hidden.txt"]',
    );
    const strict = await harnessRun({ manifest: manifest('strict_inputs: true\n'), files }).run('run');
    expect([strict.code, strict.stderr.includes('nothing was started')]).toEqual([2, true]);
  });
});

describe('strict inputs', () => {
  const files = {
    ...FILES,
    'mine.mjs':
      "import fs from 'node:fs';\nexport default { run: () => fs.readFileSync('hidden.txt', 'utf8') };",
  };
  const manifest = (line = '') => `${line}variants: { mine: { use: ./mine.mjs } }`;
  const inCi = { CI: 'true' };

  it('fail an attempt in CI with the line to add, and keep its answer', async () => {
    const made = harnessRun({ manifest: manifest(), files, env: inCi });
    const { code, stderr } = await made.run('run');
    expect([code, told(stderr)]).toEqual([1, ['hidden.txt']]);
    const { one } = made.records('mine');
    expect(one).toMatchObject({
      status: 'failed',
      output: { text: 'hidden' },
      attempts: [{ error: { kind: 'undeclared-input', status: null } }],
    });
    expect(one.attempts[0].error.message).toBe(
      'mine read hidden.txt, which counts in no key: editing it re-runs nothing; add to the manifest: inputs: ["hidden.txt"]',
    );
    expect((await made.run('fsck')).code).toBe(0);
  });

  it('are complete once the line is there', async () => {
    const made = harnessRun({ manifest: manifest('inputs: ["hidden.txt"]\n'), files, env: inCi });
    const { code, stderr } = await made.run('run');
    expect([code, told(stderr)]).toEqual([0, []]);
  });

  it.each([
    ['strict_inputs: true\n', {}, 1],
    ['strict_inputs: false\n', inCi, 0],
    ['', {}, 0],
  ])('as the manifest says: %j with %j', async (line, env, expected) => {
    const made = harnessRun({ manifest: manifest(line), files, env });
    const { code, stderr } = await made.run('run');
    expect([code, told(stderr)]).toEqual([expected, ['hidden.txt']]);
  });
});
