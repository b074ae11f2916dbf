// Opens a YAML or JSON file that somebody named: its data and places, or findings that say why not.
import type { Location } from '../../core/diagnostic.ts';
import type { Findings } from '../errors/findings.ts';
import { bareLocation, locationAt, type ParsedDocument } from '../errors/place.ts';
import { parseJson } from './json-document.ts';
import { missingFileHint } from './near-file.ts';
import { type ReadProblem, readText } from './read.ts';
import { readYaml } from './read-yaml.ts';

export type Opening = {
  /** Absolute. */
  readonly file: string;
  /** As the user wrote it, for sentences. */
  readonly shown: string;
  /** The experiment's folder. */
  readonly folder: string;
  readonly maxBytes: number;
  readonly findings: Findings;
  /** The place that names the file; null = nobody did, the file speaks for itself. */
  readonly namedAt: (() => Location) | null;
};

export function openText(opening: Opening): string | null {
  opening.findings.reads(opening.file);
  const text = readText(opening);
  if (text.kind === 'ok') return text.value;
  reportRead(opening, text.error);
  return null;
}

export type DocumentOpening = Opening & {
  /** Whatever its name says. */
  readonly kind?: 'json';
};

/** null: nothing more can be said about the file, and everything that can is among the findings. */
export function openDocument(opening: DocumentOpening): ParsedDocument | null {
  const text = openText(opening);
  if (text === null) return null;
  return opening.kind === 'json' || /\.json$/i.test(opening.file)
    ? openJson(opening, text)
    : openYaml(opening, text);
}

export function reportRead(opening: Opening, problem: ReadProblem): void {
  const { findings, file, shown, namedAt } = opening;
  const { code } = problem;
  const hint =
    problem.hint ?? (code === 'not-found' && namedAt !== null ? missingFileHint({ file, shown }) : null);
  const message = `${shown} ${problem.message}`;
  if (problem.location !== null)
    findings.add(file, () => ({ code, message, hint, location: problem.location }));
  else if (namedAt === null)
    findings.add(file, () => ({ code, message, hint, location: bareLocation(file) }));
  else {
    const location = namedAt();
    findings.add(location.file, () => ({ code, message, hint, location }));
  }
}

function openJson(opening: Opening, text: string): ParsedDocument | null {
  const { file, findings } = opening;
  if (text.trim() === '') {
    findings.add(file, () => ({
      code: 'empty-file',
      message: 'the file is empty',
      location: bareLocation(file),
    }));
    return null;
  }
  const parsed = parseJson({ file, text });
  if (parsed.kind === 'ok') return parsed.value;
  const { code, message, hint, ...spot } = parsed.error;
  findings.add(file, () => ({ code, message, hint, location: locationAt({ file, text, spot }) }));
  return null;
}

function openYaml(opening: DocumentOpening, text: string): ParsedDocument | null {
  const { file, findings } = opening;
  const { document, problems } = readYaml({ file, text });
  for (const { code, message, hint, spot, related } of problems) {
    findings.add(file, () => ({
      code,
      message,
      hint,
      location: locationAt({ file, text, spot }),
      related: related.map((other) => ({
        message: other.message,
        location: locationAt({ file, text, spot: other.spot }),
      })),
    }));
  }
  return document;
}
