// What every step of resolving works with: the manifest's document, its sound part, the environment, the findings.

import type { Env } from '../core/env.ts';
import type { ExperimentFile } from '../core/generated/experiment.ts';
import type { Findings } from './errors/findings.ts';
import type { JsonPath, ParsedDocument, Target } from './errors/place.ts';
import type { PythonMemory } from './python-memory.ts';

export type Reading = {
  readonly document: ParsedDocument;
  readonly folder: string;
  readonly raw: Partial<ExperimentFile>;
  /** Something was written here, but wrongly, and that was said. */
  readonly isSpoiled: (path: JsonPath) => boolean;
  readonly env: Env;
  readonly findings: Findings;
  /** What has to be ended when everything is read. */
  readonly atEnd: (() => void)[];
  /** Of what Python said, in earlier starts; null = nothing is kept. */
  readonly memory: PythonMemory | null;
};

/** Made when it is first asked for, and the same for whoever asks in one load. */
export function oncePerLoad<T>(make: (reading: Reading) => T): (reading: Reading) => T {
  const made = new WeakMap<Findings, T>();
  return (reading) => {
    let found = made.get(reading.findings);
    if (found === undefined) {
      found = make(reading);
      made.set(reading.findings, found);
    }
    return found;
  };
}

export type Said = {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | null;
  readonly severity?: 'error' | 'warning';
};

/** Reports a place in the manifest. */
export function say(
  reading: Reading,
  input: Said & { readonly path: JsonPath; readonly part?: Target['part']; readonly needle?: string },
): void {
  const { path, part = 'value', needle, ...said } = input;
  const target = needle === undefined ? { path, part } : { path, part, needle };
  reading.findings.add(reading.document.file, () => ({ ...said, location: reading.document.locate(target) }));
}
