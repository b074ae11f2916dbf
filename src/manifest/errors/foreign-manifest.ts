// A file of another tool in the place of the manifest: one sentence instead of a mistake for each of its lines.
import { isJsonObject } from '../../core/json.ts';

export type Foreign = { readonly message: string; readonly hint: string };

/** By its name alone: a program is not read as YAML. */
export function foreignFile(shown: string): Foreign | null {
  if (/(?:^|[\\/])promptfooconfig\.[cm]?[jt]s$/i.test(shown)) return promptfooConfig(shown);
  if (!/\.(?:py|ipynb|[cm]?[jt]sx?|toml|csv|jsonl|eval)$/i.test(shown)) return null;
  const isPython = /\.py$/i.test(shown);
  return {
    message: `${shown} is no manifest: that is a file of YAML, experiment.yaml`,
    hint: isPython
      ? '"npx expgraph init" writes one; a Task of Inspect: npx expgraph init --from-inspect FILE (docs/from-elsewhere.md); a program is an arm: variants: { mine: { command: [python3, FILE] } }, tests: npx expgraph init --from-pytest'
      : '"npx expgraph init" writes one to start from',
  };
}

function promptfooConfig(shown: string): Foreign {
  return {
    message: `${shown} is a config of promptfoo, and no manifest`,
    hint: '"npx expgraph init --from-promptfoo FILE" makes one of it, and names what it cannot carry over (written out as YAML, where it is code); docs/from-elsewhere.md has the words side by side',
  };
}

/** By what it says. */
export function foreignManifest(value: unknown, shown: string): Foreign | null {
  if (!isJsonObject(value) || value.variants !== undefined) return null;
  const has = (...names: readonly string[]): boolean => names.some((name) => value[name] !== undefined);
  if (has('prompts') && has('tests', 'providers', 'targets', 'defaultTest')) {
    return promptfooConfig(shown);
  }
  return null;
}
