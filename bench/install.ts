// What `npm install` of the packed tarball brings: size, packages, and the largest of them.
import path from 'node:path';
import { type InstalledPackage, install, pack } from '../scripts/installed.ts';
import { type Row, tempFolder } from './measure.ts';

const MOST_MB = 75;
const MOST_PACKAGES = 60;

export async function installed(): Promise<readonly Row[]> {
  const { folder, remove } = tempFolder();
  try {
    const { filename, sizeBytes } = await pack(folder);
    const packages = await install(filename, path.join(folder, 'plain'));
    const without = await install(filename, path.join(folder, 'without'), ['--ignore-scripts']);
    const total = packages.reduce((sum, one) => sum + one.sizeBytes, 0);
    const scripts = packages.filter((one) => one.hasInstallScript).length;
    const isSame = JSON.stringify(packages) === JSON.stringify(without);
    return [
      {
        what: 'npm install of the packed tarball',
        floor: `${megabytes(sizeBytes)} (tarball)`,
        measured: `${megabytes(total)}, ${packages.length} packages, ${scripts} with an install script`,
        ratio: '-',
        wanted: `at most ${MOST_MB} MB, ${MOST_PACKAGES} packages, the same without scripts`,
        held: total <= MOST_MB * 1e6 && packages.length <= MOST_PACKAGES && scripts === 0 && isSame,
        under: largest(packages),
      },
    ];
  } finally {
    remove();
  }
}

function largest(packages: readonly InstalledPackage[]): readonly string[] {
  const rows = packages.slice(0, 10);
  return [
    '',
    `largest ${rows.length} of ${packages.length} packages:`,
    ...rows.map(({ name, version, sizeBytes }) => `${megabytes(sizeBytes).padStart(8)}  ${name} ${version}`),
  ];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
