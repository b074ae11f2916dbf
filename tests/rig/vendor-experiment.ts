// Experiments on a vendor's true package, against a server on loopback: the sample of the repository, or a small one of the test.
import path from 'node:path';
import type { ScenarioResult } from '../../src/core/record.ts';
import { sample } from './cli.ts';
import { editFile, filesBelow, jsonLines, writeFiles } from './files.ts';
import { installPackages } from './packages.ts';

export type VendorAccount = {
  readonly type: 'anthropic' | 'google' | 'mistral';
  readonly url: string;
  readonly model: string;
  /** Further members of the account, as YAML in braces has them. */
  readonly more?: string;
};

/** The canary: it must come out nowhere. */
export const VENDOR_KEY = 'sk-vendor-canary-0123456789abcdef';
export const VENDOR_ENV = { VENDOR_KEY };

function accountOf({ type, url, more = '' }: VendorAccount): string {
  return `{ type: ${type}, base_url: "${url}", api_key_env: VENDOR_KEY${more === '' ? '' : `, ${more}`} }`;
}

/** Two variants, twenty scenarios, three runs: what the README begins with. */
export async function vendorSample(folder: string, account: VendorAccount): Promise<void> {
  await sample(folder);
  installPackages(folder);
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text
      .replace(/^provider: sim$/m, `provider: vendor\nmodel: ${account.model}`)
      .replace(/^providers:$/m, `providers:\n  vendor: ${accountOf(account)}`),
  );
}

export type SmallVendor = VendorAccount & {
  readonly runs?: number;
  /** Lines of the manifest beyond these. */
  readonly lines: readonly string[];
  readonly scenarios: readonly object[];
  readonly files?: { readonly [name: string]: string };
};

export function vendorExperiment(folder: string, of: SmallVendor): void {
  installPackages(folder);
  writeFiles(folder, {
    'scenarios.jsonl': of.scenarios.map((scenario) => `${JSON.stringify(scenario)}\n`).join(''),
    'experiment.yaml': [
      ...['version: 1', 'name: small', `runs: ${of.runs ?? 1}`, 'provider: vendor', `model: ${of.model}`],
      ...['temperature: null', 'max_output_tokens: 2000', 'scenarios: [scenarios.jsonl]'],
      `providers: { vendor: ${accountOf(of)} }`,
      ...of.lines,
      '',
    ].join('\n'),
    ...of.files,
  });
}

/** Result lines of the view, with the file that each stands in. */
export function viewOf(
  folder: string,
  experiment = 'small',
): readonly { readonly file: string; readonly record: ScenarioResult }[] {
  const runs = path.join(folder, 'artifacts', experiment, 'runs');
  return filesBelow(runs).flatMap((file) =>
    (jsonLines(path.join(runs, file)) as unknown as ScenarioResult[])
      .filter(({ type }) => type === 'scenario_result')
      .map((record) => ({ file, record })),
  );
}
