// The packed package in an empty project, as whoever installs it has it: what npm put there, and how large it is.
import { execFile } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.join(import.meta.dirname, '..');
const run = promisify(execFile);

/** npm's scripts and npx find the same Node that runs this. */
export const NPM_ENV = {
  ...process.env,
  PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
  NO_COLOR: '1',
};

export type Packed = {
  /** Absolute. */
  readonly filename: string;
  readonly sizeBytes: number;
  readonly names: readonly string[];
};

/** dist/ as it is: nothing is built. */
export async function pack(folder: string): Promise<Packed> {
  const asked = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', asked, { cwd: ROOT, env: NPM_ENV });
  const [{ filename, files, size }] = JSON.parse(stdout) as [
    { filename: string; size: number; files: { path: string }[] },
  ];
  return {
    filename: path.join(folder, filename),
    sizeBytes: size,
    names: files.map((file) => file.path),
  };
}

export type InstalledPackage = {
  readonly name: string;
  readonly version: string;
  /** Of what lies in its folder, packages below it apart; a file counts whole blocks of 4 kB, as on most disks. */
  readonly sizeBytes: number;
  /** npm would run something of it. */
  readonly hasInstallScript: boolean;
};

/** @param folder is made, and made a project @returns by size, the largest first */
export async function install(
  tarball: string,
  folder: string,
  options: readonly string[] = [],
): Promise<readonly InstalledPackage[]> {
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const asked = ['install', '--no-audit', '--no-fund', '--prefer-offline', ...options, tarball];
  await run('npm', asked, { cwd: folder, env: NPM_ENV });
  const lock = JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8')) as {
    readonly packages: {
      readonly [at: string]: { readonly version: string; readonly hasInstallScript?: true };
    };
  };
  const found = Object.entries(lock.packages).filter(([at]) => at !== '');
  return found
    .map(([at, { version, hasInstallScript = false }]) => ({
      name: at.replace(/^.*node_modules\//, ''),
      version,
      sizeBytes: sizeOf(path.join(folder, at)),
      hasInstallScript,
    }))
    .sort((a, b) => b.sizeBytes - a.sizeBytes);
}

const BLOCK_BYTES = 4096;

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    if (entry.isDirectory())
      return entry.name === 'node_modules' ? sum : sum + sizeOf(path.join(folder, entry.name));
    const { size } = lstatSync(path.join(folder, entry.name));
    return sum + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }, BLOCK_BYTES);
}
