// A file of scenarios that holds none: most likely something went wrong where it was written.
import type { ScenarioSource } from '../documents/origin.ts';

/** `what`, to be read after the file's name: `is empty`. */
export function reportEmpty(source: ScenarioSource, what: string): void {
  const location = source.namedAt();
  source.findings.add(location.file, () => ({
    ...{ code: 'empty-file', message: `${source.shown} ${what}`, location },
    hint: `write it again, or leave it out: "!${source.shown}"`,
  }));
}
