// src/ -> dist/: what is started and what is imported by name, in as few files as a command needs, with the types of the
// public API beside it. Packages stay packages: only our own modules are put together.
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type OutputOptions, type RolldownOutput, rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { chunksOf } from './chunks.ts';
import { ownFiles } from './own-files.ts';

const ROOT = path.join(import.meta.dirname, '..');
const DIST = path.join(ROOT, 'dist');

/**
 * dist/<name>.js and its source. Threads and processes of our own need no row: whatever is started names its file with
 * `new URL('./x.ts', import.meta.url)`.
 */
const COMMAND_LINE = { 'cli/main': 'src/cli/main.ts' };
/** What others import: each has its types beside it. */
const FACES = { 'project/index': 'src/project/index.ts' };

const isPackage = (id: string): boolean =>
  !id.startsWith('.') && !path.isAbsolute(id) && !id.startsWith('src/');

async function buildCode(): Promise<RolldownOutput> {
  const started = new Map<string, string>();
  const bundle = await rolldown({
    cwd: ROOT,
    input: { ...COMMAND_LINE, ...FACES },
    platform: 'node',
    external: isPackage,
    plugins: [ownFiles(ROOT, started)],
    // A file that is imported by its name exports what its source does; the others may export more, for their neighbours.
    preserveEntrySignatures: 'allow-extension',
    // Modules that are imported both now and later by different commands are many, and meant.
    checks: { ineffectiveDynamicImport: false },
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
          test: /[\\/]src[\\/]/,
          name(id, modules) {
            fileOf ??= chunksOf(
              ROOT,
              {
                first: path.join(ROOT, COMMAND_LINE['cli/main']),
                faces: Object.values(FACES).map((file) => path.join(ROOT, file)),
                started: [...started.values()],
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
  return written;
}

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

/** Only what the public API speaks of, in one file for each of its faces. */
async function buildTypes(): Promise<RolldownOutput> {
  const bundle = await rolldown({
    cwd: ROOT,
    input: FACES,
    platform: 'node',
    external: isPackage,
    plugins: [dts({ generator: 'oxc', dtsOnly: true })],
  });
  const written = await bundle.write({ dir: DIST, format: 'esm', entryFileNames: '[name].d.ts' });
  await bundle.close();
  return written;
}

/** What an older build left is gone only when the new one is there: a command that runs meanwhile finds its files. */
function removeOthers(written: readonly RolldownOutput[]): void {
  const names = new Set(
    written.flatMap(({ output }) => output.map(({ fileName }) => path.normalize(fileName))),
  );
  for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && !names.has(path.relative(DIST, file))) rmSync(file);
  }
  for (const name of readdirSync(DIST)) {
    const folder = path.join(DIST, name);
    const hasFiles = readdirSync(folder, { recursive: true, withFileTypes: true }).some((one) =>
      one.isFile(),
    );
    if (!hasFiles) rmSync(folder, { recursive: true });
  }
}

try {
  removeOthers(await Promise.all([buildCode(), buildTypes()]));
} catch (cause) {
  // Where in the sources, and why: not where in the bundler.
  console.error((cause as Error).message);
  process.exitCode = 1;
}
