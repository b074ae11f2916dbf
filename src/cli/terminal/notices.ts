// What use cases notice on their way, on stderr.
import type { Diagnostic } from '../../core/diagnostic.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatDiagnostics } from '../../progress/diagnostics.ts';
import { placeWords } from '../../project/open/filters.ts';
import type { Notice } from '../../project/open/world.ts';
import { typedHere } from '../../text/next.ts';
import type { Io } from '../io.ts';

export function printNotice(io: Io, notice: Notice): void {
  switch (notice.kind) {
    case 'diagnostics':
      printDiagnostics(io, notice.diagnostics);
      return;
    case 'note':
      io.err.write(`expgraph: ${sanitizeLine(notice.text)}\n`);
      return;
    case 'lines':
      io.err.write(`${notice.text}\n`);
      return;
    case 'progress':
      if (io.detail !== 'quiet') io.err.write(`${notice.text}\n`);
  }
}

function printDiagnostics(io: Io, diagnostics: readonly Diagnostic[]): void {
  const told =
    io.detail === 'quiet' ? diagnostics.filter(({ severity }) => severity === 'error') : diagnostics;
  if (told.length === 0) return;
  const place = placeWords(io);
  const placed = eachOnce(told).map((one) => ({ ...one, hint: one.hint && typedHere(one.hint, place) }));
  io.err.write(formatDiagnostics(placed, { color: io.err.colors, cwd: io.cwd }));
}

/** Of what was found on many ways, one is enough. */
function eachOnce(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((one) => [JSON.stringify(one), one])).values()];
}
