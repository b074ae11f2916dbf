// The real harness, recorded: not a line of a mapping, and the clients that people use.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { editFile } from '../rig/files.ts';
import { HARNESS_ENV, startRealHarness } from '../rig/real-harness.ts';

const MINUTES = { timeout: 300_000 };

describe.skipIf(HARNESS_ENV === null)('a real harness with a recording proxy', () => {
  it.each([
    ['langchain-anthropic', 'tests', 'claude-haiku-4-5', []],
    ['openai, in two workers of xdist', 'tests_openai', 'gpt-5-mini', ['-n', '2']],
  ])('has whole records of %s', MINUTES, async (_, tests, model, args) => {
    await using harness = await startRealHarness();
    expect(await harness.run('init', '--from-pytest', tests, '--runs', '1')).toMatchObject({ code: 0 });
    editFile(path.join(harness.folder, 'experiment.yaml'), (text) => {
      const unmapped = text.replace(/^ {2}collect:.*\n/m, '');
      return unmapped.replace('pytest:\n', `pytest:\n  proxy: true\n  args: ${JSON.stringify(args)}\n`);
    });
    const ran = await harness.run('run', '--json');
    expect([ran.code, JSON.parse(ran.stdout)]).toMatchObject([0, { executed: 40, failed: 0 }]);
    expect(harness.asked()).toBe(40);
    const records = harness.records();
    expect(records).toHaveLength(40);
    for (const record of records) {
      const { output, usage, turns } = record;
      expect([record.scenario, output.text]).toEqual([
        record.scenario,
        expect.stringMatching(/^(?:I keep that|About)/),
      ]);
      expect(usage.input_tokens).toBeGreaterThan(0);
      expect(turns).toMatchObject([{ model }]);
      expect(record.served_model).toContain(model);
    }
    const called = records.filter(({ output }) => output.tool_calls.length > 0);
    expect(called.length).toBeGreaterThan(5);
    for (const { output } of called)
      expect(output.tool_calls[0].arguments).toMatchObject({ when: expect.any(String) });
  });
});
