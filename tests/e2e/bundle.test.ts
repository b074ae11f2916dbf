// What is in dist/: our own modules and a few packages, complete, of no machine, and as little at a time as is needed.
// @project e2e: what was built is read.
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startedName } from '../../scripts/own-files.ts';
import type { Io } from '../../src/cli/io.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { JudgedOutput } from '../../src/core/scoring.ts';
import { importsOf, tokenize } from '../architecture/scan.ts';
import { filesBelow, ROOT } from '../rig/files.ts';

const DIST = path.join(ROOT, 'dist');
const textOf = (file: string): string => readFileSync(file, 'utf8');
const filesOf = (folder: string, ending: string): readonly string[] =>
  filesBelow(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => path.join(folder, name));
const CODE = filesOf(DIST, '.js');
/** What `import ... from 'expgraph'` is given. */
const FACE = path.relative(DIST, fileURLToPath(import.meta.resolve('expgraph')));
/** What a browser loads: a script and a style, and nothing later. */
const PAGE = ['page/page.css', 'page/page.js'];
const TYPES = FACE.replace(/\.js$/, '.d.ts');

/** `@openai/x/y` -> `@openai/x`; null = no package. */
function packageOf(specifier: string): string | null {
  if (specifier === '' || specifier.startsWith('.') || specifier.startsWith('node:')) return null;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** What a file loads before its first line runs: files of dist/ and packages. */
function loadedWith(entry: string): {
  readonly files: readonly string[];
  readonly packages: readonly string[];
} {
  const files = new Set<string>();
  const packages = new Set<string>();
  const todo = [path.join(DIST, entry)];
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const [, from] of textOf(file).matchAll(/^(?:import|export)\b[^'"();]*["']([^"']+)["'];$/gm)) {
      const name = packageOf(from!);
      if (name !== null) packages.add(name);
      else if (from!.startsWith('.')) todo.push(path.resolve(path.dirname(file), from!));
    }
  }
  return { files: [...files].map((file) => path.relative(DIST, file)), packages: [...packages].sort() };
}

/** Which modules lie in a file: `// src/cli/main.ts`. */
function modulesOf(file: string): readonly string[] {
  return textOf(path.join(DIST, file)).match(/^\/\/ \S+\.(?:[cm]?[jt]s|json)$/gm) ?? [];
}

/** Modules of ours in the files that are loaded at once with this module of a package. */
function modulesBeside(module: string): readonly string[] {
  const all = CODE.map((file) => path.relative(DIST, file));
  const holder = all.find((file) => modulesOf(file).includes(`// node_modules/${module}`));
  if (holder === undefined) throw new Error(`${module} lies in no file`);
  return all
    .filter((file) => file !== 'cli/kept-code.js' && loadedWith(file).files.includes(holder))
    .flatMap((file) => modulesOf(file).filter((line) => line.startsWith('// src/')));
}

describe('the bundle', () => {
  it('imports only packages that whoever installs expgraph gets, or is told to install', () => {
    const { dependencies, peerDependencies } = JSON.parse(textOf(path.join(ROOT, 'package.json'))) as {
      readonly [list: string]: { readonly [name: string]: string };
    };
    const known = { ...dependencies, ...peerDependencies };
    const imported = new Set(
      [...CODE, ...filesOf(DIST, '.d.ts')].flatMap((file) =>
        importsOf(tokenize(textOf(file))).flatMap(({ from }) => packageOf(from) ?? []),
      ),
    );
    expect([...imported].filter((name) => !Object.hasOwn(known, name))).toEqual([]);
    expect([...imported]).toContain('openai');
  });

  it('is made of modules of src/ and of packages, with the licence of each', () => {
    const modules = CODE.flatMap((file) => textOf(file).match(/^\/\/ \S+\.(?:[cm]?[jt]s|json)$/gm) ?? []);
    const others = modules.filter((line) => line.includes('node_modules/'));
    const packages = new Set(others.map((line) => packageOf(line.replace(/^.*node_modules\//, ''))!));
    const notices = textOf(path.join(DIST, 'THIRD-PARTY.txt'));
    const told = [...notices.matchAll(/^-{80}\n\n(\S+) \d+\.\d+\.\d+\n\n(?=[^-])/gm)].map(
      ([, name]) => name!,
    );
    expect([...new Set(told)].sort()).toEqual([...packages].sort());
    // What they bring is their own: the licence of each of these stands there as well.
    expect(told).toEqual(
      expect.arrayContaining([
        '@modelcontextprotocol/sdk',
        'commander',
        'gpt-tokenizer',
        'string-width',
        'zod',
      ]),
    );
    expect(modules).toContain('// src/cli/main.ts');
    expect(modules.length).toBe(new Set(modules).size);
  });

  it('has an entry for each file that is started, and finds what lies beside it', () => {
    const started = filesOf(path.join(ROOT, 'src'), '.ts').flatMap((file) =>
      [...textOf(file).matchAll(/new URL\('(\.[^']+\.ts)', import\.meta\.url\)/g)].map(
        ([, to]) => `${startedName(ROOT, path.resolve(path.dirname(file), to!))}.js`,
      ),
    );
    expect(started).toContain('worker/thread.js');
    const observer = /join\(__dirname, '\.\.', 'dist', '(\w+)', '([\w.-]+)'\)/.exec(
      textOf(path.join(ROOT, 'observe/reads.cjs')),
    )!;
    const entries = [
      ...[...started, `${observer[1]}/${observer[2]}`, 'cli/main.js', FACE, ...PAGE],
      // What `start` and `common` are compiled by.
      'cli/kept-code.js',
      'THIRD-PARTY.txt',
    ].sort();
    expect(filesBelow(DIST).filter((name) => !/^chunks\/|\.d\.ts$/.test(name))).toEqual(entries);
    const named = CODE.flatMap((file) =>
      [...textOf(file).matchAll(/new URL\((["'`])(\.[^"'`$]*)[^)]*import\.?[mM]eta\.url\)/g)].map(
        ([, , to]) => fileURLToPath(new URL(to!, pathToFileURL(file))),
      ),
    );
    expect(named.filter((file) => !existsSync(file))).toEqual([]);
    for (const name of ['python', 'schema', 'package.json'])
      expect(named.join('\n')).toContain(path.join(ROOT, name));
    expect(
      CODE.flatMap((file) => textOf(file).match(/["'`][^"'`\n]*\.ts["'`], import\.meta\.url/g) ?? []),
    ).toEqual([]);
  });

  it('has types for what is imported by name, without a file of a room inside', () => {
    expect(filesBelow(DIST).filter((name) => name.endsWith('.d.ts'))).toEqual([TYPES]);
    const types = textOf(path.join(DIST, TYPES));
    expect(importsOf(tokenize(types)).filter(({ from }) => from.startsWith('.'))).toEqual([]);
    expect(types).toMatch(/export declare function defineVariant\(/);
  });

  it('is ASCII, and has parts of Node as `require` has them', () => {
    const scripts = CODE.filter((file) => !PAGE.includes(path.relative(DIST, file)));
    expect(scripts.filter((file) => /[^\x00-\x7f]/.test(textOf(file)))).toEqual([]);
    expect(scripts.filter((file) => /^import .*["']node:/m.test(textOf(file)))).toEqual([]);
    expect(scripts.map(textOf).join('\n')).toMatch(/process\.getBuiltinModule\("node:fs"\)/);
  });

  it('says nothing of the machine that built it', () => {
    const files = filesBelow(DIST).map((name) => path.join(DIST, name));
    expect(files.filter((file) => textOf(file).includes(ROOT.replace(/\/$/, '')))).toEqual([]);
  });
});

/** What lies beside them and weighs nothing. */
const LITTLE = /^(?:core|text)\//;

describe('what is loaded at once', () => {
  it('is the server of the page where somebody looks at one, and nowhere else', () => {
    const serving = modulesBeside('hono/dist/hono.js');
    expect(serving).toContain('// src/viewer/serve.ts');
    expect(serving.filter((line) => !/^\/\/ src\/(?:viewer|screens)\//.test(line))).toEqual([]);
  });

  it.each([
    ['gpt-tokenizer/esm/bpeRanks/o200k_base.js', ['project/plan/tokenizer.ts']],
    ['@modelcontextprotocol/sdk/dist/esm/client/index.js', ['providers/mcp.ts', 'worker/mcp-tools.ts']],
    ['log-update/index.js', ['progress/live.ts', 'progress/progress-frame.ts', 'progress/region.ts']],
  ])('is %s only with what needs it', (module, needs) => {
    const beside = modulesBeside(module).map((line) => line.replace('// src/', ''));
    expect([...new Set(beside)].filter((one) => !LITTLE.test(one)).sort()).toEqual(needs);
  });

  it('is in one file what most commands load, also where the compiler has written `using` out', () => {
    expect(modulesOf('chunks/common-code.js')).toContain('// src/project/select/score-book.ts');
    expect(textOf(path.join(ROOT, 'src/project/select/score-book.ts'))).toMatch(/^ +using /m);
    expect(modulesOf('chunks/ground.js').join('\n')).toMatch(/usingCtx/);
  });

  it('is no package in the file that everything loads, and of modules of Node no more than is used', () => {
    const modules = modulesOf('chunks/ground.js');
    expect(modules.filter((line) => line.includes('node_modules'))).toEqual([]);
    expect(textOf(path.join(DIST, 'chunks/ground.js'))).not.toMatch(/\bReadStream\b/);
  });

  it('is no package and no manifest before the command is known', () => {
    const { files, packages } = loadedWith('cli/main.js');
    expect(packages).toEqual([]);
    expect(files).not.toContain('chunks/common.js');
  });

  it.each(['worker/thread.js', 'worker/own-thread-main.js', 'sim/thread.js', 'cache/lock-apart-main.js'])(
    'is nothing of the command line in %s',
    (entry) => {
      const { files, packages } = loadedWith(entry);
      expect(packages).not.toContain('commander');
      expect(files).not.toContain('chunks/common.js');
      expect(files).not.toContain('chunks/start.js');
    },
  );

  it('is little where own code imports expgraph by its name: each thread of own code does', () => {
    const { files, packages } = loadedWith(FACE);
    expect(packages).toEqual([]);
    expect(files).not.toContain('chunks/common.js');
    expect(files.reduce((sum, file) => sum + statSync(path.join(DIST, file)).size, 0)).toBeLessThan(150_000);
  });
});

it('counts tokens as the package does whose words are packed', async () => {
  const count = await builtFunction<(text: string) => number>('project/plan/tokenizer.ts', 'countTokens');
  const { countTokens } = await import('../../src/project/plan/tokenizer.ts');
  const texts = [
    'the quick fox',
    'Grüße aus Köln',
    '東京は雨です',
    '👩‍👩‍👧 <|endoftext|>',
    '\x80\xff\0',
    'a'.repeat(3000),
  ];
  expect(texts.map(count)).toEqual(texts.map(countTokens));
});

it.each<readonly [scorer: string, expected: Json, answer: string, options: JsonObject]>([
  ['Levenshtein', 'kitten', 'sitting', {}],
  ['NumericDiff', 10, 'it is 8', {}],
  ['JSONDiff', { a: 1, b: ['x', { c: 'long text' }] }, '{"a": 2, "b": ["x", {"c": "long test"}]}', {}],
  ['JSONDiff', { a: '1' }, '{"a": 1}', { preserveStrings: true }],
  ['ExactMatch', { a: [1] }, '{"a":[1]}', {}],
  ['ListContains', ['tea', 'milk'], '- milks\n- tea\n- salt', { allowExtraEntities: true }],
  ['ValidJSON', { type: 'object', required: ['a'] }, '{"b": 1}', {}],
  ['ValidJSON', null, '{"b": 1}', {}],
])('scores %s as the package does of which models are left out', async (scorer, expected, text, options) => {
  const check = { kind: 'autoevals', scorer, expected, options } as const;
  const { holdAutoevals } = await import('../../src/scoring/rules/autoevals.ts');
  const built = await builtFunction<typeof holdAutoevals>('scoring/rules/autoevals.ts', 'holdAutoevals');
  const output = { text } as JudgedOutput;
  expect(await built(check, output)).toEqual(await holdAutoevals(check, output));
});

/** What dist/ has for a function of the sources: files that the bundler names export it under a name of its own. */
async function builtFunction<Built>(source: string, name: string): Promise<Built> {
  const holder = CODE.find((file) => textOf(file).includes(`// src/${source}\n`))!;
  const built = Object.values((await import(pathToFileURL(holder).href)) as object);
  return built.find((one) => (one as { readonly name?: string }).name === name) as Built;
}

it('a stack trace of the built program names functions, and files of which each says what it is made of', async () => {
  const { runCommandLine } = (await import(pathToFileURL(path.join(DIST, 'cli/main.js')).href)) as {
    runCommandLine: (io: Io, argv: readonly string[]) => Promise<number>;
  };
  let told = '';
  const sink = (write: (text: string) => void) => ({
    isTerminal: false,
    colors: false,
    columns: () => 80,
    write,
  });
  const io = {
    cwd: ROOT,
    env: {},
    given: { file: null },
    out: sink(() => {
      throw new Error('a reader that cannot read');
    }),
    err: sink((text) => {
      told += text;
    }),
  };
  expect(await runCommandLine(io as unknown as Io, ['schema', 'record'])).toBe(1);
  expect(told).toMatch(/^expgraph: this is a bug, please report it:\nError: a reader that cannot read\n/);
  expect(told).toMatch(/at (?:Module\.)?schemaCommand \(.*dist\/chunks\/schema\.js:\d+:\d+\)/);
});
