import { defineConfig } from 'vitest/config';

// The end-to-end suites start real processes on a machine of two cores: generous deadlines, never asserted on.
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Most of the time of a suite is that of the processes it waits for: one worker fewer than there are cores would idle.
    maxWorkers: 3,
  },
});
