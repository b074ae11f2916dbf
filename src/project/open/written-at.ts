// Where an address stands in the manifest: whoever has to correct it need not look for it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Experiment } from './experiment.ts';
import type { World } from './world.ts';

/** `experiment.yaml:6`; null where it is not written as it is, or more than once. */
export function makeWrittenAt(
  { cwd }: Pick<World, 'cwd'>,
  { manifest }: Pick<Experiment, 'manifest'>,
): (url: string) => string | null {
  const found = new Map<string, string | null>();
  return (url) => {
    const known = found.get(url);
    if (known !== undefined) return known;
    const place = lineWith(manifest.file, url);
    const shown = place === null ? null : `${path.relative(cwd, manifest.file)}:${place}`;
    found.set(url, shown);
    return shown;
  };
}

function lineWith(file: string, url: string): number | null {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    const places = lines.flatMap((line, i) =>
      line.includes('base_url') && line.includes(url) ? [i + 1] : [],
    );
    return places.length === 1 ? places[0]! : null;
  } catch {
    // It was read when the run began; that it is gone is told elsewhere.
    return null;
  }
}
