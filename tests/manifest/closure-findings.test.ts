// What reading of code says, what it starts, and what it never does.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Code } from '../../src/core/harness.ts';
import { fingerprint } from '../../src/variants/fingerprint.ts';
import { withoutPython } from '../rig/python.ts';
import { type Files, type Loaded, loadFolder, makeFolder } from './folder.ts';

const LOADER = pathToFileURL(path.join(import.meta.dirname, '../../src/manifest/load.ts')).href;
const ENV = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };

function project(variants: string, files: Files, lines = ''): string {
  return makeFolder({
    ...files,
    'experiment.yaml': `version: 1\nname: demo\nprovider: sim\nscenarios: [s.yaml]\n${lines}variants:\n${variants}\n`,
    's.yaml': '- { id: a, input: hello }\n',
  });
}

const one = (variant: string, files: Files, lines = ''): Promise<Loaded> =>
  loadFolder(project(`  one: ${variant}`, files, lines), ENV);

async function digestOf(folder: string, env: { readonly [name: string]: string }): Promise<string> {
  const { manifest, printed } = await loadFolder(folder, env);
  if (manifest === null) throw new Error(printed);
  return fingerprint(manifest)[0]!.variant.digest;
}

/** A Python that writes a line to a file each time that it is started. */
function countedPython(): { readonly env: { readonly PATH: string }; starts(): number } {
  const bin = makeFolder({ 'starts.txt': '' });
  const file = path.join(bin, 'python3');
  writeFileSync(file, `#!/bin/sh\necho x >> ${bin}/starts.txt\nPATH='${ENV.PATH}' exec python3 "$@"\n`);
  chmodSync(file, 0o755);
  return {
    env: { PATH: `${bin}${path.delimiter}${ENV.PATH}` },
    starts: () => readFileSync(path.join(bin, 'starts.txt'), 'utf8').length / 2,
  };
}

describe('code in JavaScript and TypeScript', () => {
  it.each([
    [
      '{ use: ./a.ts }',
      { 'a.ts': 'import "./b.ts";\n', 'b.ts': 'const x: number = ;\n' },
      /b\.ts:1:19 error: syntax error: /,
    ],
    [
      '{ use: ./a.ts }',
      { 'a.ts': 'export default {\n' },
      /a\.ts:1:17 error: syntax error: the file ends before/,
    ],
    [
      '{ command: [node, a.mjs] }',
      { 'a.mjs': 'let x = 1;\nlet x = 2;\n' },
      /a\.mjs:2:5 error: syntax error: /,
    ],
    [
      '{ use: ./a.mjs }',
      { 'a.mjs': 'import x from "no-such-package/deep";\n' },
      /a\.mjs:1:15 error: there is no package "no-such-package\/deep"[\s\S]*npm install no-such-package\n/,
    ],
    ['{ use: ./a.mjs }', { 'a.mjs': 'import x from "node:fss";\n' }, /there is no module of Node "node:fss"/],
    [
      '{ use: ./a.mjs }',
      { 'a.mjs': 'import d from "./d.json" with { type: "json" };\n', 'd.json': '{ "a": 1, }\n' },
      /d\.json:1:9 error: syntax error: not valid JSON/,
    ],
  ])('%s that cannot start is a mistake with its place and its line: %o', async (variant, files, words) => {
    const { manifest, printed } = await one(variant, files);
    expect(manifest).toBeNull();
    expect(printed).toMatch(words);
  });

  it('that may do without a package is none: it is asked for while the code runs, or by a file that is', async () => {
    const { manifest, diagnostics } = await one('{ use: ./a.mjs }', {
      'a.mjs': 'try { await import("gone"); await import("./b.mjs"); } catch {}\nexport default {};\n',
      'b.mjs': 'import "gone";\n',
    });
    expect([manifest === null, diagnostics]).toEqual([false, []]);
  });

  it('of a scorer is read as that of a variant', async () => {
    const folder = project(
      '  one: {}',
      { 's.ts': 'export default {\n' },
      'scorers: [{ name: own, use: ./s.ts }]\n',
    );
    expect((await loadFolder(folder, ENV)).printed).toMatch(/s\.ts:1:17 error: syntax error: /);
  });
});

describe.skipIf(withoutPython())('code in Python', () => {
  it('that imports what Python does not find is a mistake, and what may be missing is none', async () => {
    const { printed } = await one('{ command: [python3, harness.py] }', {
      'harness.py': 'import helper\ntry:\n    import maybe_there\nexcept ImportError:\n    pass\n',
      'helper.py': 'import os, nowhere_at_all.deep\n',
    });
    expect(printed).toMatchInlineSnapshot(`
      "
      helper.py:1:12 error: Python finds no module "nowhere_at_all", which is imported here
       1 | import os, nowhere_at_all.deep
         |            ^
         help: install it for this Python: pip install nowhere_at_all
      "
    `);
  });

  it('that puts folders on sys.path may find it there', async () => {
    const { manifest } = await one('{ command: [python3, harness.py] }', {
      'harness.py': 'import os, sys\nsys.path.append(os.environ["WHERE"])\nimport nowhere_at_all\n',
    });
    expect(manifest).not.toBeNull();
  });

  it('that Python cannot read is a mistake with its place and its line', async () => {
    const { manifest, diagnostics, printed } = await one('{ command: [python3, harness.py] }', {
      'harness.py': 'import helper\n',
      'helper.py': 'x = 1\ny = = 2\n',
    });
    expect(manifest).toBeNull();
    expect(diagnostics).toMatchObject([
      { severity: 'error', code: 'bad-code', location: { line: 2, column: 5, sourceLine: 'y = = 2' } },
    ]);
    expect(printed).toMatch(/helper\.py:2:5/);
  });

  it('that may never be run may be of another Python, is told of, and all of the folder counts', async () => {
    const { manifest, diagnostics } = await one('{ command: [python3, harness.py] }', {
      'harness.py': 'import sys\nif sys.version_info > (9, 9):\n    import later\n',
      'later.py': 'from helper import (\n',
      'far.py': '',
    });
    expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'bad-code', location: { line: 1 } }]);
    const files = manifest?.variants[0]?.harness?.code.files.map((file) => file.path);
    expect(files).toEqual(['far.py', 'harness.py', 'later.py']);
  });

  it('that is only swept in may be of any kind', async () => {
    const { manifest } = await one('{ command: [python3, harness.py] }', {
      'harness.py': '__import__(name)\n',
      'old.py': 'print "two"\n',
      'other.py': 'import older\n',
      'older.py': 'exec "two"\n',
    });
    expect(manifest).not.toBeNull();
  });

  it('with an import of an unknown name is told of once, with the line that says what it may be', async () => {
    const { diagnostics, manifest } = await loadFolder(
      project('  one: { command: [python3, harness.py] }\n  two: { command: [python3, harness.py, --x] }', {
        'harness.py': 'import importlib\nname = input()\nimportlib.import_module(name)\n',
      }),
      ENV,
    );
    expect(manifest).not.toBeNull();
    expect(diagnostics).toMatchObject([
      {
        ...{ severity: 'warning', code: 'open-import', location: { line: 3, column: 1 } },
        hint: expect.stringContaining('inputs: ["plugins/*.py"]'),
      },
    ]);
  });

  it('is not told of where inputs: says it', async () => {
    const { diagnostics } = await one(
      '{ command: [python3, harness.py] }',
      { 'harness.py': '__import__(name)\n', 'plugins/a.py': '' },
      'inputs: ["plugins/*.py"]\n',
    );
    expect(diagnostics).toEqual([]);
  });

  it('is read by one process for the whole manifest, and by none the second time', async () => {
    const folder = project(
      '  one: { command: [python3, a.py] }\n  two: { command: [python3, b.py] }\n  three: { pytest: { path: tests } }',
      {
        'a.py': 'import c\n# one process\n',
        'b.py': 'import c\n# for all\n',
        ...{ 'c.py': '# of them\n', 'tests/test_a.py': 'def test_a(variant): pass\n' },
      },
      'prepare: [{ command: [python3, d.py], outputs: [out.txt] }]\nscorers: [{ command: [python3, e.py], name: mine }]\n',
    );
    writeFileSync(path.join(folder, 'd.py'), '# a step\n');
    writeFileSync(path.join(folder, 'e.py'), '# a scorer\n');
    const python = countedPython();
    for (const expected of [1, 1]) {
      const { manifest, printed } = await loadFolder(folder, python.env);
      expect(manifest === null ? printed : '').toBe('');
      expect(python.starts()).toBe(expected);
    }
  });

  it('runs nothing of the project while it is read', async () => {
    const touch = 'open(__file__ + ".ran", "w").close()\n';
    const names = [
      'sitecustomize',
      'usercustomize',
      'ast',
      'json',
      'binascii',
      'helper',
      'harness',
      'codecs',
    ];
    const folder = project(
      '  one: { command: [python3, harness.py], env: { PYTHONPATH: ".", PYTHONSTARTUP: helper.py } }',
      Object.fromEntries(
        names.map((name) => [`${name}.py`, name === 'harness' ? `import helper\n${touch}` : touch]),
      ),
    );
    const env = { ...ENV, PYTHONPATH: folder, PYTHONSTARTUP: path.join(folder, 'helper.py') };
    const { manifest } = await loadFolder(folder, env);
    expect(manifest).not.toBeNull();
    expect(names.filter((name) => existsSync(path.join(folder, `${name}.py.ran`)))).toEqual([]);
    expect(existsSync(path.join(folder, '__pycache__'))).toBe(false);
  });

  it('is not read by a program of the project that is called python', async () => {
    const folder = project('  one: { command: [./python, harness.py] }', {
      'harness.py': 'import a\n',
      'a.py': '',
    });
    writeFileSync(path.join(folder, 'python'), `#!/bin/sh\ntouch ${folder}/ran\n`, { mode: 0o755 });
    const before = await digestOf(folder, ENV);
    writeFileSync(path.join(folder, 'a.py'), '# edited\n');
    expect(await digestOf(folder, ENV)).not.toBe(before);
    expect(existsSync(path.join(folder, 'ran'))).toBe(false);
  });

  it('counts with all of the folder where the interpreter is none', async () => {
    const bin = makeFolder({});
    for (const [name, text] of [
      ['python3', '#!/bin/sh\necho no interpreter; exit 1\n'],
      ['python', '#!/bin/sh\nexit 0\n'],
    ] as const) {
      writeFileSync(path.join(bin, name), text, { mode: 0o755 });
    }
    const folder = project('  one: { command: [python3, harness.py] }', {
      'harness.py': '',
      'far/away.py': '',
    });
    const before = await digestOf(folder, { PATH: bin });
    writeFileSync(path.join(folder, 'far/away.py'), '# edited\n');
    expect(await digestOf(folder, { PATH: bin })).not.toBe(before);
  });

  it('that is too deep, holds a NUL or lies in a circle of links is a finding or counts, and no crash', async () => {
    const { printed } = await one('{ command: [python3, harness.py] }', { 'harness.py': 'x = "a\0b"\n' });
    expect(printed).toMatch(/harness\.py:1:\d+/);
    const deep = await one('{ command: [python3, harness.py] }', {
      'harness.py': `x = ${'('.repeat(150)}1${')'.repeat(150)}\ny = ${'"a" + '.repeat(20_000)}"b"\n`,
    });
    expect(deep.printed).not.toMatch(/internal|undefined/);
  });
});

describe('code in JavaScript', () => {
  it('that is no module is a mistake with its place and its line', async () => {
    const { diagnostics } = await one('{ use: ./a.js }', {
      'a.js': "import './b.js';\n",
      'b.js': 'const x = ;\n',
    });
    expect(diagnostics).toMatchObject([
      { severity: 'error', code: 'bad-code', location: { line: 1, column: 11, sourceLine: 'const x = ;' } },
    ]);
    const typed = await one('{ use: ./a.ts }', { 'a.ts': 'let a = 1;\nconst x: = 2;\n' });
    expect(typed.diagnostics).toMatchObject([
      { code: 'bad-code', location: { line: 2, sourceLine: 'const x: = 2;' } },
    ]);
  });

  it('that imports a file that is not there says where', async () => {
    const { diagnostics } = await one('{ use: ./a.ts }', { 'a.ts': "let a = 1;\nimport './gone.ts';\n" });
    expect(diagnostics).toMatchObject([
      { code: 'bad-code', location: { line: 2, column: 8 }, message: expect.stringContaining('"./gone.ts"') },
    ]);
  });

  it('with an import of an unknown name is told of once, and not where inputs: says it', async () => {
    const files = { 'a.ts': 'await import(name);\nexport default {};\n', 'plugins/x.ts': '' };
    const { diagnostics } = await loadFolder(
      project('  one: { use: ./a.ts }\n  two: { use: ./a.ts }', files),
      ENV,
    );
    expect(diagnostics).toMatchObject([
      {
        severity: 'warning',
        code: 'open-import',
        location: { line: 1, column: 14 },
        hint: expect.stringContaining('inputs:'),
      },
    ]);
    const said = await one('{ use: ./a.ts }', files, 'inputs: ["plugins/*"]\n');
    expect(said.diagnostics).toEqual([]);
  });

  it('that is only swept in may lead nowhere, and types are not swept in', async () => {
    const { diagnostics, manifest } = await one('{ use: ./a.ts }', {
      'a.ts': 'await import(name);\nexport default {};\n',
      'old.ts': "import './older.ts';\n",
      'older.ts': "import './gone.ts';\nenum E { A }\n",
      'types.d.ts': '',
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(['open-import']);
    const files = manifest?.variants[0]?.harness?.code.files.map((file) => file.path);
    expect(files).toEqual(['a.ts', 'old.ts', 'older.ts']);
  });

  it('is the same through a link to the folder', async () => {
    const folder = project('  one: { use: ./a.ts }', {
      'a.ts': "import './b/c.ts';\nexport default {};\n",
      'b/c.ts': '',
    });
    const link = path.join(makeFolder({}), 'link');
    symlinkSync(folder, link);
    const { manifest } = await loadFolder(link, ENV);
    const harness = manifest?.variants[0]?.harness;
    expect(harness?.code.files.map((file) => file.path)).toEqual(['a.ts', 'b/c.ts']);
    expect(await digestOf(link, ENV)).toBe(await digestOf(folder, ENV));
  });

  it('that is too deep for any stack counts with all of the folder', async () => {
    const { diagnostics, manifest } = await one('{ use: ./a.js }', {
      'a.js': `export default ${"'a' + ".repeat(50_000)}'b';\n`,
      'b.js': '',
    });
    expect(manifest === null ? diagnostics : []).toEqual([]);
  });
});

describe('code', () => {
  it('of scorers and of steps that prepare is read as that of variants', async () => {
    const { manifest } = await one(
      '{}',
      {
        'score.ts': "import './rules.ts';\nexport default { score: () => 1 };\n",
        ...{ 'rules.ts': '', 'make.sh': '. ./more.sh\n', 'more.sh': '', 'unused.sh': '' },
      },
      'prepare: [{ command: [sh, make.sh], outputs: [out.txt] }]\nscorers: [{ use: ./score.ts, name: mine }]\n',
    );
    const [scorer] = manifest?.scorers ?? [];
    const pathsOf = (code: Code | undefined) => code?.files.map((file) => file.path);
    expect(pathsOf(scorer?.kind === 'code' ? scorer.harness.code : undefined)).toEqual([
      'rules.ts',
      'score.ts',
    ]);
    expect(pathsOf(manifest?.prepare[0]?.code)).toEqual(['make.sh', 'more.sh']);
  });

  it('that is not there costs nothing: nothing that reads code is loaded', () => {
    const folder = project('  one: {}', {});
    const script = `import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
const { loadManifest } = await import(${JSON.stringify(LOADER)});
const { kind } = await loadManifest({ file: ${JSON.stringify(path.join(folder, 'experiment.yaml'))}, env: {} });
console.log(JSON.stringify({ kind, loaded }));`;
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    const { kind, loaded } = JSON.parse(ended.stdout) as { kind: string; loaded: readonly string[] };
    expect(kind).toBe('ok');
    expect(loaded.length).toBeGreaterThan(10);
    const names = loaded.map((url) => url.slice(url.lastIndexOf('/') + 1));
    expect(
      names.filter((name) =>
        /^(?:code\.|code-(?!points)|closure|js-|python-|command-words|packages)/.test(name),
      ),
    ).toEqual([]);
    expect(loaded.filter((url) => /acorn|child_process/.test(url))).toEqual([]);
  });
});
