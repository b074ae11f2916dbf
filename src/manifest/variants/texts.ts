// `system` and `template`: text as it stands, or read from a file.
import path from 'node:path';
import { openText } from '../documents/document.ts';
import { MAX_DOCUMENT_BYTES } from '../documents/read.ts';
import { type JsonPath, locationAt } from '../errors/place.ts';
import { fileNamedBy, pathWords } from '../path-as-text.ts';
import type { Reading, Said } from '../reading.ts';
import { say } from '../reading.ts';

export type Text = {
  readonly text: string;
  /** Reports something inside the text, in the file where it stands. */
  readonly report: (input: Said & { readonly needle: string }) => void;
};

/** null: the file cannot be read, which is among the findings. Each file is read once. */
export function makeTextReader(reading: Reading): (value: unknown, at: JsonPath) => Text | null {
  const files = new Map<string, string | null>();
  return (value, at) => {
    if (typeof value === 'string') {
      const named = fileNamedBy(value, reading.folder);
      if (named !== null) say(reading, { ...pathWords(value, named), path: at });
      return { text: value, report: (said) => say(reading, { ...said, path: at }) };
    }
    const shown = (value as { readonly file: string }).file;
    const file = path.resolve(reading.folder, shown);
    let text = files.get(file);
    if (text === undefined) {
      text = openText({
        file,
        shown,
        folder: reading.folder,
        maxBytes: MAX_DOCUMENT_BYTES,
        findings: reading.findings,
        namedAt: () => reading.document.locate({ path: [...at, 'file'], part: 'value' }),
      });
      files.set(file, text);
    }
    if (text === null) return null;
    const found = text;
    return {
      text: found,
      report: ({ needle, ...said }) => {
        const spot = { offset: Math.max(0, found.indexOf(needle)), length: needle.length };
        reading.findings.add(file, () => ({ ...said, location: locationAt({ file, text: found, spot }) }));
      },
    };
  };
}
