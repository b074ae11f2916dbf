// The walls of docs/architecture.md, held against every import in src/.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from './architecture/check.ts';
import { readRules } from './architecture/page.ts';
import { importsOf, tokenize } from './architecture/scan.ts';

const root = path.join(import.meta.dirname, '..');
const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8');

describe('the source tree', () => {
  const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).map((file) => file.split(path.sep).join('/'));
  const tree = new Map(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
  const rules = readRules(page);

  test('obeys every rule of docs/architecture.md', () => {
    expect(tree.size).toBeGreaterThan(50);
    expect(check(tree, rules)).toEqual([]);
  });

  test('has a room on the page for each of its folders, and a folder for each room and each door', () => {
    const folders = new Set(files.map((file) => file.split('/')[1]!));
    expect([...rules.rooms.keys()].sort()).toEqual([...folders].sort());
    const doors = [...rules.rooms].flatMap(([name, room]) =>
      room.doors.filter((door) => door !== 'everything').map((door) => `src/${name}/${door}`),
    );
    const inner = [...rules.subRooms].flatMap(([name, { doors }]) =>
      doors.filter((door) => door !== 'everything').map((door) => `src/${name}/${door}`),
    );
    expect([...doors, ...inner].filter((door) => !tree.has(door))).toEqual([]);
    const known = new Set(files.map((file) => file.split('/').slice(1, 3).join('/')));
    expect([...rules.subRooms.keys()].filter((name) => !known.has(name))).toEqual([]);
  });

  test('names only pure files and rooms that exist', () => {
    const known = (name: string) =>
      tree.has(`src/${name}.ts`) || files.some((file) => file.startsWith(`src/${name}/`));
    expect(rules.pure.filter((name) => !known(name))).toEqual([]);
  });
});

const PAGE = `
<!-- rules: rooms -->
| room | floor | may import | doors |
|---|---|---|---|
| \`core\` | 1 | | \`everything\` |
| \`store\` | 2 | \`core\` | \`store.ts\` |
| \`plan\` | 2 | \`core\` | \`plan.ts\` |
| \`hand\` | 3 | \`plan\` \`core\` | \`hand.ts\` |
| \`cli\` | 9 | \`everything\` | |

<!-- rules: sub-rooms -->
| sub-room | may import | doors |
|---|---|---|
| \`hand/low\` | | \`low.ts\` |
| \`hand/high\` words | \`hand/low\` \`hand/hand.ts\` | \`everything\` |

<!-- rules: silent -->
| silent | why |
|---|---|
| \`hand\` | no terminal |

<!-- rules: walk -->
| file | what |
|---|---|

<!-- rules: never -->
| who | never reaches |
|---|---|
| \`hand\` | \`store\` |

<!-- rules: pure -->
| pure | why |
|---|---|
| \`core\` \`plan/plan\` | no clock |
`;

/** What the checker says about a made-up tree. */
function complaints(files: { readonly [file: string]: string }, rules = PAGE): readonly string[] {
  return check(new Map(Object.entries(files)), readRules(rules));
}

describe('the checker', () => {
  test('says nothing about a tree that keeps the rules', () => {
    const files = {
      'src/core/task.ts': "import { hash } from 'node:crypto';\nexport type Task = { readonly at: Date };",
      'src/core/order.ts':
        "import type { Task } from './task.ts';\nexport const at = (t: Task) => new Date(+t.at);",
      'src/plan/plan.ts': "import { at } from '../core/order.ts';\nexport { at };",
      'src/store/store.ts': "import type { Task } from '../core/task.ts';\nimport fs from 'node:fs';",
      'src/hand/hand.ts': "import { at } from '../plan/plan.ts';\nimport pool from 'tinypool';",
      'src/cli/main.ts': "const hand = await import('../hand/hand.ts');\nimport '../store/store.ts';",
    };
    expect(complaints(files)).toEqual([]);
  });

  test('finds an import of a room that the page does not allow, type-only and dynamic ones as well', () => {
    const files = {
      'src/core/a.ts': 'export {};',
      'src/store/store.ts': 'export {};',
      'src/plan/x.ts': "import type { S } from '../store/store.ts';",
      'src/plan/y.ts': "\n\nconst s = await import('../store/store.ts');",
      'src/plan/z.ts': "export * from '../store/store.ts';",
      'src/plan/w.ts': 'const url = new URL(`../store/store.${ending}`, import.meta.url);',
      'src/plan/v.ts': "type S = typeof import('../store/store.ts');",
    };
    expect(complaints(files)).toEqual([
      'src/plan/x.ts:1: plan may not import store (src/store/store.ts)',
      'src/plan/y.ts:3: plan may not import store (src/store/store.ts)',
      'src/plan/z.ts:1: plan may not import store (src/store/store.ts)',
      'src/plan/w.ts:1: plan may not import store (src/store/store.ts)',
      'src/plan/v.ts:1: plan may not import store (src/store/store.ts)',
    ]);
  });

  test('finds an import that goes past the doors of a room', () => {
    const files = {
      'src/plan/plan.ts': 'export {};',
      'src/plan/inner.ts': 'export const a = 1;',
      'src/hand/hand.ts': "import { a } from '../plan/inner.ts';",
    };
    expect(complaints(files)).toEqual(['src/hand/hand.ts:1: src/plan/inner.ts is no door of plan']);
  });

  test('finds an import of the room that nobody may import', () => {
    const files = { 'src/cli/io.ts': 'export {};', 'src/hand/hand.ts': "import '../cli/io.ts';" };
    expect(complaints(files)).toEqual(['src/hand/hand.ts:1: hand may not import cli (src/cli/io.ts)']);
  });

  test('finds steps between sub-rooms that the page does not allow, past their doors, in circles, and sub-rooms that it does not list', () => {
    const files = {
      'src/hand/hand.ts': "import { low } from './low/low.ts';",
      'src/hand/past.ts': "import { inner } from './low/inner.ts';",
      'src/hand/low/low.ts': "export * from './inner.ts';\nimport type { A } from '../high/a.ts';",
      'src/hand/low/inner.ts': 'export {};',
      'src/hand/high/a.ts': "import '../low/low.ts';\nimport '../hand.ts';\nimport '../past.ts';",
      'src/hand/attic/a.ts': 'export {};',
    };
    expect(complaints(files)).toEqual([
      'src/hand/past.ts:1: src/hand/low/inner.ts is no door of hand/low',
      'src/hand/low/low.ts:2: hand/low may not import hand/high (src/hand/high/a.ts)',
      'src/hand/high/a.ts:3: hand/high may not import hand/past.ts (src/hand/past.ts)',
      'sub-room "hand/attic" is not on the page',
      'circle of sub-rooms: hand/hand.ts -> hand/low -> hand/high -> hand/past.ts -> hand/hand.ts',
      'circle of imports: src/hand/hand.ts -> src/hand/low/low.ts -> src/hand/high/a.ts -> src/hand/hand.ts',
    ]);
  });

  test('finds what must never be reached, however long the way', () => {
    const page = PAGE.replace('| `plan` | 2 | `core` |', '| `plan` | 3 | `core` `store` |').replace(
      '`hand` | 3',
      '`hand` | 4',
    );
    const files = {
      'src/store/store.ts': 'export {};',
      'src/plan/plan.ts': 'export {};',
      'src/plan/keep.ts': "import '../store/store.ts';",
      'src/hand/hand.ts': "import '../plan/plan.ts';\nimport './more.ts';",
      'src/hand/more.ts': "import '../plan/keep.ts';",
    };
    expect(complaints(files, page)).toEqual([
      'src/hand/more.ts:1: src/plan/keep.ts is no door of plan',
      'src/hand/hand.ts: hand must never reach store, and reaches src/store/store.ts',
      'src/hand/more.ts: hand must never reach store, and reaches src/store/store.ts',
    ]);
  });

  test('finds circles, also of types only', () => {
    const files = {
      'src/core/a.ts': "import type { B } from './b.ts';",
      'src/core/b.ts': "import type { C } from './c.ts';",
      'src/core/c.ts': "import { type A } from './a.ts';",
      'src/core/d.ts': "import type { A } from './a.ts';",
    };
    expect(complaints(files)).toEqual([
      'circle of imports: src/core/a.ts -> src/core/b.ts -> src/core/c.ts -> src/core/a.ts',
    ]);
  });

  test('finds a package that two files import, be it for its types or for a part of it', () => {
    const files = {
      'src/store/store.ts': "import { open } from '@scope/db';",
      'src/store/b.ts': "import type { Db } from '@scope/db/types';",
      'src/store/c.ts': "import other from '@scope/other';",
    };
    expect(complaints(files)).toEqual([
      'package @scope/db is imported by src/store/b.ts and src/store/store.ts: one package, one file',
    ]);
  });

  test('finds clocks, chance, files and the process in pure files, and only there', () => {
    const impure = [
      "import { readFileSync } from 'node:fs';",
      'const now = Date.now();',
      'const date = new Date();',
      'const dice = Math.random();',
      'setTimeout(go, 1);',
      'const { env } = process;',
      'const text = `${process.pid}`;',
      'const ms = performance.now();',
    ].join('\n');
    expect(complaints({ 'src/plan/plan.ts': impure, 'src/plan/other.ts': impure })).toEqual([
      'src/plan/plan.ts:2: Date.now in a pure file',
      'src/plan/plan.ts:3: new Date() in a pure file',
      'src/plan/plan.ts:4: Math.random in a pure file',
      'src/plan/plan.ts:5: setTimeout in a pure file',
      'src/plan/plan.ts:6: process in a pure file',
      'src/plan/plan.ts:7: process in a pure file',
      'src/plan/plan.ts:8: performance in a pure file',
      'src/plan/plan.ts:1: a pure file imports node:fs',
    ]);
    expect(complaints({ 'src/core/a.ts': "import path from 'node:path';" })).toEqual([
      'src/core/a.ts:1: a pure file imports node:path',
    ]);
  });

  test('takes words in comments, strings, patterns and member names for what they are', () => {
    const harmless = [
      '// process.exit, Date.now() and any are words here; import "x"',
      '/* setTimeout(): any */',
      "const text = 'process.exit(1): any';",
      'const template = `import a from "./nowhere.ts" ${text + `process`} any`;',
      'const pattern = /["\'`/]process|any/u.test(text) ? 1 / 2 : 3;',
      'const event = { process: 1, any: 2 };',
      'const two = event.process / event.any / Promise.any([]);',
    ].join('\n');
    expect(complaints({ 'src/core/a.ts': harmless })).toEqual([]);
  });

  test('finds a pure file that leans on one that is not', () => {
    const files = { 'src/plan/plan.ts': "import './dirty.ts';", 'src/plan/dirty.ts': 'process.exit();' };
    expect(complaints(files)).toEqual([
      'src/plan/plan.ts:1: a pure file imports src/plan/dirty.ts, which is not pure',
    ]);
  });

  test('finds streams, arguments, signals and the end of the process in a silent room', () => {
    const loud = [
      'process.stdout.write(text);',
      "console.log('x');",
      'process.exitCode = 1;',
      'const [, , first] = process.argv;',
      "process.on('SIGINT', stop);",
      "process.on('message', hear);",
      'const { pid } = { pid: process.pid };',
      'const told = event.process.exit;',
    ].join('\n');
    expect(complaints({ 'src/hand/hand.ts': loud, 'src/cli/main.ts': loud })).toEqual([
      'src/hand/hand.ts:1: process.stdout in a silent room',
      'src/hand/hand.ts:2: console in a silent room',
      'src/hand/hand.ts:3: process.exitCode in a silent room',
      'src/hand/hand.ts:4: process.argv in a silent room',
      'src/hand/hand.ts:5: process.on of a signal in a silent room',
    ]);
  });

  test('finds a walk that is too long, that leads nowhere, or over files that are not there', () => {
    const page = PAGE.replace(
      '| file | what |\n|---|---|\n',
      '| file | what |\n|---|---|\n| `src/cli/main.ts` | |\n| `src/hand/hand.ts` | |\n| `src/store/store.ts` | |\n| `src/plan/gone.ts` | |\n',
    );
    const files = {
      'src/cli/main.ts': `import '../hand/hand.ts';\n${'x;\n'.repeat(250)}`,
      'src/hand/hand.ts': 'x;\n'.repeat(300),
      'src/store/store.ts': 'export {};',
    };
    expect(complaints(files, page)).toEqual([
      'the walk names src/plan/gone.ts, which is no file',
      'the walk never comes to src/store/store.ts',
    ]);
    const long = { ...files, 'src/hand/hand.ts': 'x;\n'.repeat(1_600) };
    expect(complaints(long, page).filter((line) => line.includes('at most 1800'))).toEqual([
      'the walk has 1853 lines, at most 1800',
    ]);
  });

  test('finds the type any', () => {
    const files = { 'src/store/store.ts': 'let a: any;\nconst b = [] as any[];\ntype C = Map<string, any>;' };
    expect(complaints(files)).toEqual([
      'src/store/store.ts:1: the type any',
      'src/store/store.ts:2: the type any',
      'src/store/store.ts:3: the type any',
    ]);
  });

  test('finds long files, unknown rooms, files outside of a room and imports of nothing', () => {
    const files = {
      'src/core/long.ts': 'x;\n'.repeat(301),
      'src/core/generated/long.ts': 'x;\n'.repeat(301),
      'src/attic/a.ts': 'export {};',
      'src/loose.ts': 'export {};',
      'src/core/b.ts': "import './gone.ts';",
      'src/core/c.ts': "import './a.js';\nawait import(name);",
      'src/store/store.ts': "import fs from 'fs';\nimport schema from '../../schema/a.json';",
    };
    expect(complaints(files)).toEqual([
      'src/attic/a.ts: room "attic" is not on the page',
      'src/loose.ts: room "" is not on the page',
      'src/core/long.ts: 301 lines, at most 300',
      'src/core/b.ts:1: imports ./gone.ts, which is no file of src/',
      'src/core/c.ts:1: imports ./a.js, which is no file of src/',
      'src/core/c.ts:2: imports a path that is put together at run time',
      'src/store/store.ts:1: write node:fs',
    ]);
  });

  test('finds a page whose own arrows run up or into the void', () => {
    const page = PAGE.replace('| `core` | 1 | |', '| `core` | 1 | `plan` `attic` |');
    expect(complaints({}, page)).toEqual([
      'the page lets core (floor 1) import plan (floor 2): arrows run down',
      'the page lets core import attic, a room that it does not list',
    ]);
  });
});

describe('the scanner', () => {
  test('sees every form of import with its line', () => {
    const source = [
      "import a, { type B } from 'one';",
      "import type C from 'two';",
      "import * as d from 'three';",
      "import 'four';",
      "export { e } from 'five';",
      "export type { F } from 'six';",
      "export * as g from 'seven';",
      "const h = await import('eight');",
      "const i: import('nine').I = new URL('./ten.js', import.meta.url);",
      "export const from = 'no';",
      "export { j };\nconst text = 'no';",
      "import {\n  k,\n} from 'eleven';",
    ].join('\n');
    expect(importsOf(tokenize(source))).toEqual([
      { from: 'one', line: 1 },
      { from: 'two', line: 2 },
      { from: 'three', line: 3 },
      { from: 'four', line: 4 },
      { from: 'five', line: 5 },
      { from: 'six', line: 6 },
      { from: 'seven', line: 7 },
      { from: 'eight', line: 8 },
      { from: 'nine', line: 9 },
      { from: './ten.ts', line: 9 },
      { from: 'eleven', line: 13 },
    ]);
  });
});
