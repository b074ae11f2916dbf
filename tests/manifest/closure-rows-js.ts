// Little projects in JavaScript and TypeScript.
import type { ClosureRow } from './closure-row.ts';

const USE = '{ use: ./a.ts }';
const CJS = '{ use: ./a.cjs }';
const MODULE = 'export default {};\n';

/** @returns a package.json as text */
const json = (value: object): string => JSON.stringify(value);

export const JS_ROWS: readonly ClosureRow[] = [
  {
    name: 'every import that is written out, and no text or comment that looks like one',
    variant: USE,
    files: {
      'a.ts': `import { b } from './b.js';
import './c.mts';
export * from './d.ts';
export * as e from './e.cjs';
const later = await import('./later.ts');
const known = await import(\`./known.ts\`);
// import './comment.ts'
const text = "import './text.ts'; require('./text.ts')";
${MODULE}`,
      ...{ 'b.js': "import './a.ts';", 'c.mts': '', 'd.ts': '', 'e.cjs': '', 'later.ts': '', 'known.ts': '' },
      ...{ 'comment.ts': '', 'text.ts': '' },
    },
    moves: ['a.ts', 'b.js', 'c.mts', 'd.ts', 'e.cjs', 'later.ts', 'known.ts'],
    stays: ['comment.ts', 'text.ts'],
  },
  {
    name: 'no import of types',
    variant: USE,
    files: {
      'a.ts': `import type { T } from './types.ts';\nimport { type U } from './mixed.ts';\nexport type { V } from './more.ts';\n${MODULE}`,
      ...{ 'types.ts': '', 'mixed.ts': '', 'more.ts': '' },
    },
    moves: ['mixed.ts'],
    stays: ['types.ts', 'more.ts'],
  },
  {
    name: 'require of a written name, by endings and by folders',
    variant: CJS,
    files: {
      'a.cjs': `const b = require('./b');
const c = require('./c');
const d = require('./d');
const e = require('./e');
if (b) { module.require('./f.cjs'); }
`,
      ...{
        'b.js': '',
        'c.json': '{}',
        'd/index.js': '',
        'e/package.json': json({ main: 'lib/main' }),
        'e/lib/main.js': '',
      },
      ...{ 'e/index.js': '', 'f.cjs': '', 'b.mjs': '' },
    },
    moves: [
      'b.js',
      'c.json',
      'd/index.js',
      'e/lib/main.js',
      'f.cjs',
      ['e/package.json', json({ main: './lib/main.js' })],
    ],
    stays: ['e/index.js', 'b.mjs', ['e/package.json', json({ main: 'lib/main', license: 'MIT' })]],
  },
  {
    name: 'require.resolve, import.meta.resolve, and what createRequire makes',
    variant: USE,
    files: {
      'a.ts': `import { createRequire } from 'node:module';
const load = createRequire(import.meta.url);
load('./b');
load.resolve('./c.cjs');
createRequire(import.meta.url)('./d.cjs');
import.meta.resolve('./e.ts');
${MODULE}`,
      ...{ 'b.js': '', 'c.cjs': '', 'd.cjs': '', 'e.ts': '' },
    },
    moves: ['b.js', 'c.cjs', 'd.cjs', 'e.ts'],
  },
  {
    name: 'require in a script that is no module: octal numbers, return, with',
    variant: '{ command: [node, a.js] }',
    files: { 'a.js': "var n = 010; with ({}) { require('./b'); }\nreturn;\n", 'b.js': '' },
    moves: ['b.js'],
  },
  {
    name: 'an optional require that leads nowhere is no mistake, and counts when it is there',
    variant: CJS,
    files: { 'a.cjs': "try { require('./gone'); } catch {}\nrequire('./b.cjs');\n", 'b.cjs': '' },
    moves: ['b.cjs'],
  },
  {
    name: 'JSON with attributes, and by require',
    variant: USE,
    files: {
      'a.ts':
        "import d from './d.json' with { type: 'json' };\nawait import('./e.json', { with: { type: 'json' } });\nexport { default as f } from './f.json' with { type: 'json' };\nexport default d;\n",
      ...{ 'd.json': '{}', 'e.json': '{}', 'f.json': '{}', 'g.json': '{}' },
    },
    moves: ['d.json', 'e.json', 'f.json'],
    stays: ['g.json'],
  },
  {
    name: '#imports of package.json: conditions, patterns, packages',
    variant: USE,
    files: {
      'package.json': json({
        imports: {
          '#one': { browser: './browser.ts', import: './one.ts', require: './cjs.cjs' },
          '#lib/*': './lib/*.ts',
          '#lib/special/*': './special/*.ts',
          '#dep': 'plain',
        },
      }),
      'a.ts': `import '#one';\nimport '#lib/x';\nimport '#lib/special/y';\nimport '#dep';\n${MODULE}`,
      ...{
        'one.ts': '',
        'browser.ts': '',
        'cjs.cjs': '',
        'lib/x.ts': '',
        'lib/z.ts': '',
        'special/y.ts': '',
      },
      'node_modules/plain/package.json': json({ name: 'plain', version: '1.0.0' }),
    },
    moves: [
      'one.ts',
      'lib/x.ts',
      'special/y.ts',
      ['node_modules/plain/package.json', json({ name: 'plain', version: '1.0.1' })],
      [
        'package.json',
        json({
          imports: {
            '#one': './lib/z.ts',
            '#lib/*': './lib/*.ts',
            '#lib/special/*': './special/*.ts',
            '#dep': 'plain',
          },
        }),
      ],
    ],
    stays: ['browser.ts', 'cjs.cjs', 'lib/z.ts'],
  },
  {
    name: "a package's own name, through its exports",
    variant: USE,
    files: {
      'package.json': json({ name: 'mine', exports: { '.': './main.ts', './sub/*': './inner/*.ts' } }),
      'a.ts': `import 'mine';\nimport 'mine/sub/x';\n${MODULE}`,
      ...{ 'main.ts': '', 'inner/x.ts': '', 'inner/y.ts': '' },
    },
    moves: ['main.ts', 'inner/x.ts'],
    stays: [
      'inner/y.ts',
      [
        'package.json',
        json({ name: 'mine', version: '2.0.0', exports: { '.': './main.ts', './sub/*': './inner/*.ts' } }),
      ],
    ],
  },
  {
    name: 'what the nearest package.json says its files are, and nothing else of it',
    variant: '{ use: ./lib/a.js }',
    files: {
      'package.json': json({ type: 'module' }),
      'lib/package.json': json({ type: 'module', description: 'a' }),
      'lib/a.js': MODULE,
    },
    moves: [['lib/package.json', json({ type: 'commonjs', description: 'a' })]],
    stays: [
      ['lib/package.json', json({ type: 'module', description: 'b' })],
      ['package.json', json({})],
    ],
  },
  {
    name: 'paths of tsconfig.json are not honoured by Node, and do not count',
    variant: USE,
    files: {
      'tsconfig.json': json({ compilerOptions: { paths: { '@/*': ['./src/*'] } } }),
      ...{ 'a.ts': `import './b.ts';\n${MODULE}`, 'b.ts': '', 'src/x.ts': '' },
    },
    moves: ['b.ts'],
    stays: ['tsconfig.json', 'src/x.ts'],
  },
  {
    name: 'what a loader of TypeScript finds by its settings: these, and every file',
    variant: '{ command: [npx, tsx, a.ts] }',
    files: {
      'tsconfig.json': json({ compilerOptions: { paths: { '@/*': ['./src/*'] } } }),
      ...{
        'a.ts': "import '@/x';\nimport './b.js';\nimport './c';\nenum E { A }\n",
        'src/x.ts': '',
        'b.ts': '',
        'c/index.ts': '',
      },
      'data.txt': '',
    },
    moves: ['tsconfig.json', 'src/x.ts', 'b.ts', 'c/index.ts'],
    stays: ['data.txt'],
  },
  {
    name: 'a link by what it leads to, and what that imports from where it truly lies',
    variant: USE,
    files: {
      'a.ts': `import './linked.ts';\n${MODULE}`,
      'real/x.ts': "import './y.ts';\n",
      'real/y.ts': '',
      'y.ts': '',
    },
    links: { 'linked.ts': 'real/x.ts' },
    moves: ['real/x.ts', 'real/y.ts'],
    stays: ['y.ts'],
  },
  {
    name: 'a package of the workspace by its content, over any number of steps',
    variant: '{ use: ./a.ts }',
    folder: 'exp',
    files: {
      'exp/a.ts': `import '@team/lib';\nimport '@team/lib/deep.js';\n${MODULE}`,
      'packages/lib/package.json': json({
        name: '@team/lib',
        version: '1.0.0',
        exports: { '.': { types: './t.d.ts', import: './main.js' }, './deep.js': './deep.js' },
      }),
      ...{
        'packages/lib/main.js': "import './inner.js';\nimport '@team/other';\n",
        'packages/lib/inner.js': '',
        'packages/lib/deep.js': '',
      },
      ...{
        'packages/lib/unused.js': '',
        'packages/other/package.json': json({ name: '@team/other', main: 'lib' }),
      },
      ...{ 'packages/other/lib/index.js': '', 'packages/other/index.js': '' },
    },
    links: {
      'node_modules/@team/lib': '../../packages/lib',
      'node_modules/@team/other': '../../packages/other',
    },
    moves: [
      ...[
        'packages/lib/main.js',
        'packages/lib/inner.js',
        'packages/lib/deep.js',
        'packages/other/lib/index.js',
      ],
      ['packages/other/package.json', json({ name: '@team/other', main: 'index.js' })],
    ],
    stays: [
      ...['packages/lib/unused.js', 'packages/other/index.js'],
      [
        'packages/lib/package.json',
        json({
          name: '@team/lib',
          version: '9.0.0',
          exports: { '.': { types: './t.d.ts', import: './main.js' }, './deep.js': './deep.js' },
        }),
      ],
    ],
  },
  {
    name: 'an installed package by its version, and its patch by content',
    variant: USE,
    files: {
      'a.ts': `import 'plain/deep.js';\nimport { x } from '@team/helper';\n${MODULE}`,
      'node_modules/plain/package.json': json({ name: 'plain', version: '0.3.0' }),
      'node_modules/plain/deep.js': '',
      'node_modules/@team/helper/package.json': json({ name: '@team/helper', version: '2.1.0' }),
      'node_modules/other/package.json': json({ name: 'other', version: '1.0.0' }),
      ...{
        'patches/plain+0.3.0.patch': '',
        'patches/@team__helper@2.1.0.patch': '',
        'patches/plainer+1.0.0.patch': '',
      },
    },
    moves: [
      ['node_modules/plain/package.json', json({ name: 'plain', version: '0.3.1' })],
      ['node_modules/@team/helper/package.json', json({ name: '@team/helper', version: '2.1.1' })],
      ...['patches/plain+0.3.0.patch', 'patches/@team__helper@2.1.0.patch'],
    ],
    stays: [
      ...['node_modules/plain/deep.js', 'patches/plainer+1.0.0.patch'],
      ['node_modules/other/package.json', json({ name: 'other', version: '2.0.0' })],
    ],
  },
  {
    name: 'a dependency from a folder, an archive or a repository by its content, and one without a version',
    variant: USE,
    files: {
      'package.json': json({
        dependencies: { copied: 'file:../copied', cloned: 'github:me/cloned', plain: '^1.0.0' },
      }),
      'a.ts': `import 'copied';\nimport 'cloned';\nimport 'bare';\nimport 'plain';\n${MODULE}`,
      'node_modules/copied/package.json': json({ name: 'copied', version: '1.0.0' }),
      'node_modules/copied/inner/x.js': '',
      'node_modules/cloned/package.json': json({ name: 'cloned', version: '1.0.0' }),
      'node_modules/cloned/x.js': '',
      'node_modules/bare/index.js': '',
      'node_modules/plain/package.json': json({ name: 'plain', version: '1.0.0' }),
      'node_modules/plain/x.js': '',
    },
    moves: ['node_modules/copied/inner/x.js', 'node_modules/cloned/x.js', 'node_modules/bare/index.js'],
    stays: ['node_modules/plain/x.js'],
  },
  {
    name: 'data and workers that are named from where the module lies, and nothing that it writes',
    variant: USE,
    files: {
      'a.ts': `import { readFileSync, appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
const data = new URL('./data.json', import.meta.url);
const prompt = readFileSync(new URL('./prompt.txt', import.meta.url), 'utf8');
const more = readFileSync(path.join(import.meta.dirname, 'more.txt'));
new Worker(new URL('./w.js', import.meta.url));
new Worker('./v.js');
const log = new URL('./log.txt', import.meta.url);
appendFileSync(log, 'x');
writeFileSync(new URL('./out.txt', import.meta.url), 'x');
${MODULE}`,
      ...{
        'data.json': '{}',
        'prompt.txt': '',
        'more.txt': '',
        'w.js': "import './inner.js';\n",
        'v.js': '',
        'inner.js': '',
      },
      ...{ 'log.txt': '', 'out.txt': '' },
    },
    moves: ['data.json', 'prompt.txt', 'more.txt', 'w.js', 'v.js', 'inner.js'],
    stays: ['log.txt', 'out.txt'],
  },
  {
    name: 'programs that the code starts',
    variant: USE,
    files: {
      'a.ts': `import { spawn, fork, execSync } from 'node:child_process';
spawn('node', ['child.mjs', '--x']);
fork('./forked.mjs');
execSync('bash go.sh');
${MODULE}`,
      ...{ 'child.mjs': "import './deep.mjs';\n", 'deep.mjs': '', 'forked.mjs': '', 'go.sh': '', 'x.sh': '' },
    },
    moves: ['child.mjs', 'deep.mjs', 'forked.mjs', 'go.sh'],
    stays: ['x.sh'],
  },
  {
    name: 'every file of a folder whose names are put together',
    variant: USE,
    files: {
      'a.ts': `await import(\`./plugins/\${name}.ts\`);\n${MODULE}`,
      'plugins/x.ts': '',
      'plugins/deep/y.ts': '',
      'other.ts': '',
    },
    moves: ['plugins/x.ts', 'plugins/deep/y.ts'],
    stays: ['other.ts'],
  },
  {
    name: 'every file of the experiment where a name is put together from nothing',
    variant: CJS,
    files: {
      'a.cjs': 'require(name);\n',
      'x.ts': '',
      'deep/y.js': '',
      'notes.txt': '',
      'node_modules/z/z.js': '',
    },
    moves: ['x.ts', 'deep/y.js'],
    stays: ['notes.txt', 'node_modules/z/z.js'],
  },
  {
    name: 'what inputs: says where a name is put together, and nothing else then',
    variant: USE,
    lines: 'inputs: ["plugins/*.ts"]\n',
    files: {
      'a.ts': `await import(name);\n${MODULE}`,
      'plugins/x.ts': "import '../helper.ts';\n",
      'helper.ts': '',
      'other.ts': '',
    },
    moves: ['plugins/x.ts', 'helper.ts'],
    stays: ['other.ts'],
  },
  {
    name: "what Node's options load, its script by the name that it is given, and NODE_OPTIONS",
    variant:
      '{ command: [node, --import=./hook.mjs, -r, ./pre.cjs, --env-file=.env, -C, dev, server], env: { NODE_OPTIONS: "--import ./more.mjs" } }',
    files: {
      ...{
        'hook.mjs': '',
        'pre.cjs': '',
        '.env': '',
        'server/index.js': "import '#x';\n",
        'more.mjs': '',
        'dev.js': '',
        'prod.js': '',
      },
      'package.json': json({ imports: { '#x': { dev: './dev.js', default: './prod.js' } } }),
    },
    moves: ['hook.mjs', 'pre.cjs', '.env', 'server/index.js', 'more.mjs', 'dev.js'],
    stays: ['prod.js'],
  },
  {
    name: 'imports by the address of the module itself',
    variant: USE,
    files: {
      'a.ts': `import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
await import(new URL('./b.ts', import.meta.url).href);
await import(pathToFileURL(path.join(import.meta.dirname, 'c.ts')).href);
const __dirname = path.dirname(fileURLToPath(import.meta.url));
await import(path.join(__dirname, 'd.ts'));
await import(new URL(\`./plug/\${name}.ts\`, import.meta.url).href);
${MODULE}`,
      ...{ 'b.ts': '', 'c.ts': '', 'd.ts': '', 'plug/e.ts': '', 'f.ts': '' },
    },
    moves: ['b.ts', 'c.ts', 'd.ts', 'plug/e.ts'],
    stays: ['f.ts'],
  },
  {
    name: 'code that stands in the command',
    variant: `{ command: [node, --input-type=module, -e, "import './a.mjs'"] }`,
    files: { 'a.mjs': '', 'b.mjs': '' },
    moves: ['a.mjs'],
    stays: ['b.mjs'],
  },
];
