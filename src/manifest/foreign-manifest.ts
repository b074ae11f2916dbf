// A file of another tool in the place of the manifest: one sentence instead of a mistake for each of its lines.
import { isJsonObject } from '../core/json.ts';

export type Foreign = { readonly message: string; readonly hint: string };

/** By its name alone: a program is not read as YAML. */
export function foreignFile(shown: string): Foreign | null {
  if (!/\.(?:py|ipynb|[cm]?[jt]sx?|toml|csv|jsonl|eval)$/i.test(shown)) return null;
  const isPython = /\.py$/i.test(shown);
  return {
    message: `${shown} is no manifest: that is a file of YAML, experiment.yaml`,
    hint: isPython
      ? '"npx expgraph init" writes one; a program is an arm of it: variants: { mine: { command: [python3, FILE] } }, tests: npx expgraph init --from-pytest'
      : '"npx expgraph init" writes one to start from',
  };
}

/** By what it says. */
export function foreignManifest(value: unknown, shown: string): Foreign | null {
  if (!isJsonObject(value) || value.variants !== undefined) return null;
  const has = (...names: readonly string[]): boolean => names.some((name) => value[name] !== undefined);
  if (has('prompts') && has('tests', 'providers', 'targets', 'defaultTest')) {
    return {
      message: `${shown} is a config of promptfoo, and no manifest`,
      hint: '"npx expgraph init" writes one beside it: its prompts become variants, its tests scenarios (file://p.txt is { file: p.txt }, {{x}} is {{vars.x}})',
    };
  }
  return null;
}
