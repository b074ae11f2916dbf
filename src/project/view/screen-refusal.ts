// Why a screen cannot be given, as a value: the viewer stays open while people edit.

import { sanitizeBlock } from '../../core/text.ts';
import { formatDiagnostics } from '../../progress/diagnostics.ts';
import type { Answer, Refusal, ScreenName, Screens } from '../../screens/screen.ts';
import { ManifestError } from '../open/experiment.ts';

export function refused(
  kind: Refusal['kind'],
  message: string,
): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { kind, message } };
}

export function given<Name extends ScreenName>(value: Screens[Name]): Answer<Name> {
  return { ok: true, value };
}

/** Enough to mend the first of them: the next save tells of the others. */
const MAX_MISTAKES = 5;

/** Of an experiment that cannot be opened as it stands. */
export function brokenBy(cause: unknown, cwd: string): Refusal {
  if (!(cause instanceof ManifestError)) {
    return { kind: 'broken', message: sanitizeBlock((cause as Error).message) };
  }
  const mistakes = cause.diagnostics.filter(({ severity }) => severity === 'error');
  const shown = formatDiagnostics(mistakes.slice(0, MAX_MISTAKES), { color: false, cwd });
  const more = mistakes.length - MAX_MISTAKES;
  const rest = more > 0 ? `\n... and ${more} more` : '';
  return { kind: 'broken', message: `${shown}${rest}` };
}
