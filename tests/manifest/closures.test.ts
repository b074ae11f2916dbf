// What code consists of, read without running it.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsClosure } from '../../src/manifest/closure-js.ts';
import { importsOf, pythonClosure, sitePackagesOf } from '../../src/manifest/closure-python.ts';
import { writeFiles } from '../rig/cli.ts';
import { tempFolder } from '../rig/temp.ts';

const read = (file: string) => {
  const bytes = readFileSync(file);
  return { bytes, digest: createHash('sha256').update(bytes).digest('hex') };
};

describe('JavaScript and TypeScript', () => {
  it('is every file that is imported, in any way that is written out, and the packages by version', async () => {
    const folder = tempFolder();
    writeFiles(folder, {
      'a.ts': `import { b } from './b.js';
import type { Only } from './types.ts';
export * from './lib/c.mts';
import data from './data.json' with { type: 'json' };
import { helper } from '@team/helper/deep';
import fs from 'node:fs';
import 'expgraph';
const later = await import('./later.ts');
const unknown = await import(name);
// import './comment.ts'
const text = "import './text.ts'";
enum`.replace('\nenum', ''),
      'b.js': "import './a.ts'; import 'plain';",
      'lib/c.mts': "export const c = (x: number) => x < 1 ? /a'b/ : 2;",
      'later.ts': 'export {};',
      'types.ts': '',
      'comment.ts': '',
      'text.ts': '',
      'data.json': '{}',
      'node_modules/@team/helper/package.json': '{"name":"@team/helper","version":"2.1.0"}',
      'node_modules/plain/package.json': '{"name":"plain","version":"0.3.0"}',
      'node_modules/expgraph/package.json': '{"name":"expgraph","version":"9.9.9"}',
    });
    const { code, problems } = await jsClosure(path.join(folder, 'a.ts'), { folder, read });
    expect(problems).toEqual([]);
    expect(code.files.map((file) => file.path)).toEqual([
      'a.ts',
      'b.js',
      'data.json',
      'later.ts',
      'lib/c.mts',
    ]);
    expect(code.packages).toEqual([
      { name: '@team/helper', version: '2.1.0' },
      { name: 'plain', version: '0.3.0' },
    ]);
  });

  it('tells of files that are not there and of what is no module', async () => {
    const folder = tempFolder();
    writeFiles(folder, { 'a.js': "import './gone.js'; import './torn.js';", 'torn.js': 'import {{{' });
    const { problems } = await jsClosure(path.join(folder, 'a.js'), { folder, read });
    expect(problems.map(({ file, message }) => `${file} ${message}`).sort()).toEqual([
      expect.stringMatching(/^gone\.js cannot be read: ENOENT/),
      expect.stringMatching(/^torn\.js is no module that can be read/),
    ]);
  });
});

describe('Python', () => {
  it('reads imports in every form', () => {
    const source = `import os, json as j
import a.b.c
from .near import x, y as z
from . import sibling
from ..up.deep import thing
from pkg import (
    one,  # a comment
    two as second,
)
def f():
    import late
    from lazy.mod import w
if True: pass
x = "import nothing_of_this"
from long import \\
    rest
`;
    expect([...importsOf(source)].sort()).toEqual(
      [
        ...[
          'os',
          'json',
          'a.b.c',
          '.near',
          '.near.x',
          '.near.y',
          '.',
          '.sibling',
          '..up.deep',
          '..up.deep.thing',
        ],
        ...['pkg', 'pkg.one', 'pkg.two', 'late', 'lazy.mod', 'lazy.mod.w', 'long', 'long.rest'],
      ].sort(),
    );
  });

  it('follows them within the project, and names what is installed', () => {
    const folder = tempFolder();
    writeFiles(folder, {
      'tests/test_a.py':
        'import helper\nfrom app.core import run\nimport requests\nimport yaml\nimport unknown\n',
      'tests/helper.py': 'from . import nothing\n',
      'src/app/__init__.py': '',
      'src/app/core/__init__.py': 'from .engine import run\nfrom ..shared import x\n',
      'src/app/core/engine.py': 'import os\n',
      'src/app/shared.py': '',
      'src/app/unused.py': '',
      '.venv/pyvenv.cfg': '',
      '.venv/bin/python': '',
      '.venv/lib/python3.11/site-packages/requests-2.31.0.dist-info/RECORD': 'requests/__init__.py,,\n',
      '.venv/lib/python3.11/site-packages/PyYAML-6.0.1.dist-info/top_level.txt': '_yaml\nyaml\n',
    });
    const sitePackages = sitePackagesOf({ python: '.venv/bin/python', folder, env: {} });
    expect(sitePackages).toEqual([path.join(folder, '.venv/lib/python3.11/site-packages')]);
    const roots = [folder, path.join(folder, 'src')];
    const { files, packages } = pythonClosure([path.join(folder, 'tests/test_a.py')], {
      folder,
      roots,
      sitePackages,
      read,
    });
    expect([...files.keys()].map((file) => path.relative(folder, file)).sort()).toEqual([
      'src/app/__init__.py',
      'src/app/core/__init__.py',
      'src/app/core/engine.py',
      'src/app/shared.py',
      'tests/helper.py',
      'tests/test_a.py',
    ]);
    expect([...packages]).toEqual(
      expect.arrayContaining([
        ['requests', '2.31.0'],
        ['pyyaml', '6.0.1'],
      ]),
    );
  });
});
