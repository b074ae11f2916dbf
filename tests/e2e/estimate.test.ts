// The estimate of the real program, against what the run then took.
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli, ranSample, sample } from '../rig/cli.ts';
import { editFile } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

type Estimated = {
  readonly estimate: {
    readonly calls: number;
    readonly input_tokens: number | null;
    readonly output_tokens: number | null;
    readonly output_tokens_at_most: number | null;
    readonly cost_usd: number | null;
    readonly cost_usd_at_most: number | null;
    readonly source: { readonly input: object; readonly output: object };
    readonly by_variant: readonly { readonly variant: string }[];
  };
};

type Ran = {
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number };
  readonly cost_usd: number;
};

it('knows the tokens of a simulation before it is asked, and the answers from the second time on', async () => {
  const folder = tempFolder();
  await sample(folder);
  const plan = async (...args: string[]): Promise<Estimated> =>
    JSON.parse((await cli(['plan', '--json', ...args], { cwd: folder })).stdout);
  const { estimate: before } = await plan();
  const ran: Ran = JSON.parse((await cli(['run', '--json'], { cwd: folder })).stdout);
  expect(before).toMatchObject({
    calls: 120,
    input_tokens: ran.usage.input_tokens,
    output_tokens: null,
    output_tokens_at_most: 120 * 1024,
    cost_usd: null,
    source: { input: { simulation: 120 }, output: { unknown: 120 } },
  });
  expect(before.cost_usd_at_most).toBeGreaterThan(ran.cost_usd);
  expect(before.by_variant.map(({ variant }) => variant)).toEqual(['baseline', 'applike']);
  const { estimate: again } = await plan('--force');
  expect(again).toMatchObject({
    input_tokens: ran.usage.input_tokens,
    output_tokens: ran.usage.output_tokens,
    source: { input: { cell: 120 }, output: { cell: 120 } },
  });
  expect(again.cost_usd).toBeCloseTo(ran.cost_usd, 4);
});

it('needs neither a key nor a price for a real model, takes no simulation for one, and says what it does not know', async () => {
  const folder = tempFolder();
  await ranSample(folder);
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text.replace(/^provider: sim/m, 'provider: openai\nmodel: nobody-knows-1'),
  );
  const { stdout, code } = await cli(['plan'], { cwd: folder });
  const words = stdout.slice(stdout.indexOf('Estimate:')).replace(/\s+/g, ' ');
  expect(code).toBe(0);
  expect(words).toMatch(
    /^Estimate: 120 calls, about \d{2,3},\d{3} tokens in, at most 122,880 out, cost unknown:/,
  );
  expect(words).toContain('Retries are not included. Tokens in: counted with a tokenizer.');
});
