// An experiment whose cells go in batches of a played vendor, and what became of it.
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { type BatchVendor, startBatchVendor } from './batch-vendor.ts';
import { cli } from './cli.ts';
import { filesBelow, jsonLines, ROOT, writeFiles } from './files.ts';
import { tempFolder } from './temp.ts';

export type BatchExperiment = AsyncDisposable & {
  readonly cwd: string;
  readonly root: string;
  readonly vendor: BatchVendor;
  readonly env: { readonly [name: string]: string };
  /** @returns the summary and what was said */
  run(...args: readonly string[]): Promise<Ran>;
  write(more?: Partial<Written>): void;
  records(): readonly Kept[];
  /** Names below batches/ that are not of ended ones. */
  open(): readonly string[];
};

export type Ran = {
  readonly code: number | null;
  readonly summary: {
    readonly executed: number;
    readonly missing: number;
    readonly failed: number;
    readonly how: string;
    readonly why: string | null;
    readonly cost_usd: number | null;
    readonly retries: number;
  };
  readonly err: string;
};

export type Kept = {
  readonly key: string;
  readonly status: string;
  readonly variant: string;
  readonly cost_usd: number | null;
  readonly duration_ms: number | null;
  readonly attempts: readonly {
    readonly error: { readonly kind: string; readonly status: number | null } | null;
    readonly duration_ms: number | null;
    readonly batch?: { readonly id: string; readonly item: string };
  }[];
};

type Written = {
  readonly execution: string;
  readonly variants: readonly string[];
  readonly scenarios: readonly string[];
  readonly more: readonly string[];
  readonly provider: string;
  /** Of some-model, as written. */
  readonly price: string;
};

export const KEY = 'sk-test-0123456789';

export async function batchExperiment(of: Partial<Written> = {}): Promise<BatchExperiment> {
  const vendor = await startBatchVendor();
  const cwd = tempFolder();
  const root = path.join(cwd, 'artifacts/posted');
  const env = { MY_KEY: KEY };
  const write = (more: Partial<Written> = {}): void => {
    const {
      execution = '{ batch: true, workers: 0 }',
      variants = ['one: { system: "be short" }', 'two: { system: "be long" }'],
      scenarios = ['red', 'green', 'blue'],
      provider = 'type: openai',
      price = '{ input: 2, output: 8 }',
      more: lines = [],
    } = { ...of, ...more };
    writeFiles(cwd, {
      'scenarios.jsonl': scenarios.map((id) => `${JSON.stringify({ id, input: `say ${id}` })}\n`).join(''),
      'experiment.yaml': [
        'version: 1',
        'name: posted',
        'provider: vendor',
        'model: some-model',
        'max_output_tokens: 100',
        'scenarios: [scenarios.jsonl]',
        `variants: { ${variants.join(', ')} }`,
        `providers: { vendor: { ${provider}, base_url: "${vendor.url}", api_key_env: MY_KEY, pricing: { some-model: ${price} } } }`,
        `execution: ${execution}`,
        ...lines,
        '',
      ].join('\n'),
    });
  };
  // As a user would have installed it.
  mkdirSync(path.join(cwd, 'node_modules'));
  symlinkSync(path.join(ROOT, 'node_modules/@ai-sdk'), path.join(cwd, 'node_modules/@ai-sdk'));
  write();
  return {
    cwd,
    root,
    vendor,
    env,
    write,
    async run(...args) {
      const { code, stdout, stderr } = await cli(['run', '--json', ...args], { cwd, env });
      if (stdout === '') throw new Error(stderr);
      return { code, summary: JSON.parse(stdout), err: stderr };
    },
    records: () =>
      filesBelow(path.join(root, 'history'))
        .filter((name) => /_run\d+\.jsonl$/.test(name))
        .flatMap((name) => jsonLines(path.join(root, 'history', name)))
        .filter(({ type }) => type === 'scenario_result') as unknown as readonly Kept[],
    open: () => filesBelow(path.join(root, 'batches')).filter((name) => !name.includes('ended')),
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  };
}
