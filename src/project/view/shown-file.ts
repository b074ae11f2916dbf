// The bytes of a file that an input shows: as they were kept with a record, or, where nothing was drawn yet, as they are in the
// experiment's folder and still what the manifest was read with.
import path from 'node:path';
import type { StoreReader } from '../../cache/store.ts';
import { sha256 } from '../../core/canonical.ts';
import { type MediaPart, mediaIn } from '../../core/media.ts';
import { readWhole } from '../../manifest/documents/media-file.ts';
import type { Experiment } from '../open/experiment.ts';

/** null = there is no such file, or no longer. */
export async function shownFile(
  of: { readonly store: Pick<StoreReader, 'file'>; readonly experiment: Experiment },
  digest: string,
): Promise<Uint8Array | null> {
  const kept = of.store.file(digest);
  if (kept !== null) return kept;
  const { folder } = of.experiment.manifest;
  const part = partsOf(of.experiment).find((one) => one.sha256 === digest);
  if (part === undefined) return null;
  const bytes = await readWhole({ file: path.join(folder, part.file), folder, bytes: part.bytes });
  return bytes !== null && sha256(bytes) === digest ? bytes : null;
}

function partsOf({ manifest }: Experiment): readonly MediaPart[] {
  const { scenarios, variants } = manifest;
  return [
    ...scenarios.flatMap(({ input }) => (typeof input === 'string' ? [] : mediaIn(input))),
    ...variants.flatMap(({ template }) => (typeof template === 'string' ? [] : mediaIn(template))),
  ];
}
