// Inspect's packed logs (.eval), sample by sample.
import { parseJson } from '../../answers/values.ts';
import { err } from '../../core/result.ts';
import type { Item, Mapping } from '../../exchange/imported.ts';
import { type InspectHeader, isInspectLog, readHeader, readSample } from '../../exchange/read-inspect.ts';
import { parseDocument } from '../../exchange/strict.ts';
import { type ZipEntry, ZipError, zipEntries } from '../../exchange/zip.ts';
import { CommandError } from '../open/command-error.ts';

type EvalFile = {
  readonly file: string;
  readonly shown: string;
  readonly mapping: Mapping;
  readonly maxBytes: number;
};

export async function* evalItems(input: EvalFile): AsyncGenerator<Item> {
  const { file, shown, mapping, maxBytes } = input;
  try {
    const header = await headerOf(input);
    for await (const entry of zipEntries(file, maxBytes)) {
      if (!/^samples\/.+\.json$/s.test(entry.name)) continue;
      const place = `${shown}: ${entry.name}`;
      const sample = parseDocument(await entry.text());
      if (sample.kind === 'err') yield { place, result: err([sample.error]) };
      else yield { place, result: readSample({ header, sample: sample.value, mapping }) };
    }
  } catch (cause) {
    if (cause instanceof ZipError) throw new CommandError(`${shown} ${cause.message}`);
    throw cause;
  }
}

/** A log that is still being written, or was stopped, has only the beginning of its journal. */
async function headerOf({ file, shown, mapping, maxBytes }: EvalFile): Promise<InspectHeader> {
  let found: ZipEntry | null = null;
  for await (const entry of zipEntries(file, maxBytes)) {
    if (entry.name !== 'header.json' && entry.name !== '_journal/start.json') continue;
    found = entry;
    const value = parseJson(await entry.text());
    if (value.kind === 'ok' && isInspectLog(value.value)) return readHeader(value.value, mapping);
  }
  throw new CommandError(
    `${shown} is a zip file but no log of Inspect: ${found ? 'its header is damaged' : 'it has no header.json'}`,
  );
}
