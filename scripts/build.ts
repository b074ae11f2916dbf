// src/ -> dist/: what is started and what is imported by name, in as few files as a command needs, with the types of the
// public API beside it. Packages lie in there as far as they are used, but for those that others import too: see bundled.ts.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type OutputOptions, type Plugin, type RolldownOutput, rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import PACKAGE from '../package.json' with { type: 'json' };
import { inAscii } from './ascii.ts';
import { buildPage } from './build-page.ts';
import { builtins } from './builtins.ts';
import { asModules, changedWalker, isLeftOut, notices, packedRanks, withoutModels } from './bundled.ts';
import { chunksOf } from './chunks.ts';
import { withoutFacades } from './facades.ts';
import { keptCode } from './kept-code.ts';
import { ownFiles } from './own-files.ts';

const ROOT = path.join(import.meta.dirname, '..');
const DIST = path.join(ROOT, 'dist');

/**
 * dist/<name>.js and its source. Threads and processes of our own need no row: whatever is started names its file with
 * `new URL('./x.ts', import.meta.url)`.
 */
const COMMAND_LINE = { 'cli/main': 'src/cli/main.ts', 'cli/kept-code': 'src/cli/kept-code.ts' };
/** What is loaded into programs that we start, by observe/reads.cjs: it finds it by this name. */
const OBSERVER = { 'worker/child-reads': 'src/worker/own-code/child-reads.ts' };
/** What others import, as `exports` of package.json says: each has its types beside it. */
const FACES = Object.fromEntries(
  Object.values(PACKAGE.exports).flatMap((to) => {
    const name = typeof to === 'object' && /^\.\/dist\/(.+)\.js$/.exec(to.default)?.[1];
    return name ? [[name, `src/${name}.ts`]] : [];
  }),
);

async function buildCode(): Promise<RolldownOutput> {
  const started = new Map<string, string>();
  const observer = path.join(ROOT, OBSERVER['worker/child-reads']);
  const bundle = await rolldown({
    cwd: ROOT,
    input: { ...COMMAND_LINE, ...OBSERVER, ...FACES },
    platform: 'node',
    external: isLeftOut,
    // What Node 22 does not read (`using`) is written so that it does.
    transform: { target: 'node22.18' },
    plugins: [
      ...[ownFiles(ROOT, started), asModules(ROOT), packedRanks(), changedWalker(), withoutModels()],
      ...[builtins(), inAscii(), withoutFacades(), keptCode()],
    ],
    // A file that is imported by its name exports what its source does; the others may export more, for their neighbours.
    preserveEntrySignatures: 'allow-extension',
    // Modules that are imported both now and later by different commands are many, and meant.
    checks: { ineffectiveDynamicImport: false, bundlerTimings: false },
  });
  let fileOf: ((id: string) => string | null) | null = null;
  const written = await bundle.write({
    ...OUTPUT,
    codeSplitting: {
      // What a module imports is placed by the same rule: see chunks.ts.
      includeDependenciesRecursively: false,
      groups: [
        {
          debugName: 'chunks',
          test: /[\\/](?:src|node_modules)[\\/]|^\0(?:node:|required:|@oxc-project)/,
          name(id, modules) {
            fileOf ??= chunksOf(
              ROOT,
              {
                first: path.join(ROOT, COMMAND_LINE['cli/main']),
                faces: Object.values(FACES).map((file) => path.join(ROOT, file)),
                started: [...started.values(), observer],
              },
              (one) => modules.getModuleInfo(one),
            );
            return fileOf(id);
          },
        },
      ],
    },
  });
  await bundle.close();
  writeFileSync(path.join(DIST, NOTICES), notices(written.output.filter((one) => one.type === 'chunk')));
  return written;
}

/** Licences of packages that are put together with our own modules. */
const NOTICES = 'THIRD-PARTY.txt';

const OUTPUT: OutputOptions = {
  dir: DIST,
  format: 'esm',
  // All files are two folders below the root of the package: own-files.ts counts on it.
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name].js',
  // Lines and names stay, for whoever reads a stack trace; each module begins with the name of its source.
  minify: false,
  comments: false,
};

/**
 * Only what the public API speaks of, in one file for each of its faces: the compiler says the type of every module that
 * they reach, and of these what is spoken of is put together.
 */
async function buildTypes(): Promise<RolldownOutput> {
  const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-types-'));
  try {
    await declareTypes(folder);
    const declared = Object.entries(FACES).map(([name, file]) => [
      name,
      path.join(folder, path.relative('src', file).replace(/\.ts$/, '.d.ts')),
    ]);
    const bundle = await rolldown({
      cwd: ROOT,
      input: Object.fromEntries(declared),
      platform: 'node',
      external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
      plugins: [declarationsBeside(folder), dts({ generator: 'oxc', dtsOnly: true })],
      checks: { bundlerTimings: false },
    });
    const written = await bundle.write({ dir: DIST, format: 'esm', entryFileNames: '[name].d.ts' });
    await bundle.close();
    return written;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nothing is checked here: `npm run typecheck` does. */
async function declareTypes(folder: string): Promise<void> {
  const config = path.join(folder, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    noCheck: true,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: path.join(ROOT, 'src'),
    outDir: folder,
    typeRoots: [path.join(ROOT, 'node_modules/@types')],
  };
  const files = Object.values(FACES).map((file) => path.join(ROOT, file));
  const text = { extends: path.join(ROOT, 'tsconfig.json'), compilerOptions, include: [], files };
  writeFileSync(config, JSON.stringify(text));
  await promisify(execFile)(process.execPath, [
    path.join(ROOT, 'node_modules/typescript/bin/tsc'),
    '-p',
    config,
  ]);
}

/** Declarations name each other by the names of their sources. */
function declarationsBeside(folder: string): Plugin {
  return {
    name: 'declarations-beside',
    resolveId: (to, from) =>
      from?.startsWith(folder) && to.startsWith('.') && to.endsWith('.ts') && !to.endsWith('.d.ts')
        ? path.resolve(path.dirname(from), to.replace(/\.ts$/, '.d.ts'))
        : null,
  };
}

/** What an older build left is gone only when the new one is there: a command that runs meanwhile finds its files. */
function removeOthers(written: readonly string[]): void {
  const names = new Set(written);
  for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && !names.has(path.relative(DIST, file))) rmSync(file);
  }
  for (const entry of readdirSync(DIST, { withFileTypes: true })) {
    if (entry.isFile()) continue;
    const folder = path.join(DIST, entry.name);
    const hasFiles = readdirSync(folder, { recursive: true, withFileTypes: true }).some((one) =>
      one.isFile(),
    );
    if (!hasFiles) rmSync(folder, { recursive: true });
  }
}

try {
  const [page, ...code] = await Promise.all([buildPage(), buildCode(), buildTypes()]);
  removeOthers([
    ...page,
    NOTICES,
    ...code.flatMap(({ output }) => output.map(({ fileName }) => path.normalize(fileName))),
  ]);
} catch (cause) {
  // Where in the sources, and why: not where in the bundler.
  console.error((cause as Error).message);
  process.exitCode = 1;
}
