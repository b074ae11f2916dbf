import { mkdirSync, statfsSync } from 'node:fs';
import { availableParallelism, freemem, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { type Project, projectsOf } from './tests/rig/projects.ts';

/** Tests that run at one time hold a seventh of it. */
const ROOMY_BYTES = 8 * 1024 ** 3;

const files = projectsOf(fileURLToPath(new URL('.', import.meta.url)));

// Workers, their threads and the programs that they start read compiled code from one place.
process.env.NODE_COMPILE_CACHE ??= path.join(tmpdir(), 'expgraph-test-compile-cache');

// Tests make a hundred thousand files, and wait until a disk has them: where memory has room for all of them they are there.
process.env.TMPDIR ??= inMemory('/dev/shm') ?? tmpdir();

function inMemory(folder: string): string | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    if (Math.min(bavail * bsize, freemem()) < ROOMY_BYTES) return null;
    const own = path.join(folder, 'expgraph-tests');
    mkdirSync(own, { recursive: true });
    return own;
  } catch {
    return null;
  }
}

/** Tests wait for processes, servers and files, and never for a time: deadlines are generous and not asserted on. */
const project = (name: Project) => ({
  extends: true as const,
  test: { name, include: [...files[name]] },
});

export default defineConfig({
  test: {
    projects: [project('unit'), project('e2e'), project('torture')],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // Node runs the sources as they are: nothing is bundled, transformed or built, and worker threads load the same files.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    pool: 'forks',
    // Modules are loaded once a worker and not once a file: no test changes a module.
    isolate: false,
    // Half of the time of a suite is that of the processes it waits for: as many workers as there are cores would idle.
    maxWorkers: availableParallelism() + 1,
  },
});
