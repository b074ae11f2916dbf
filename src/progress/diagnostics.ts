// Diagnostics as text for a terminal: place, sentence, the source line with the spot underlined, what would be right.
import path from 'node:path';
import type { Diagnostic, Location, Severity } from '../core/diagnostic.ts';
import { type Colors, makeColors } from '../text/colors.ts';
import { escapeControls, excerpt } from './excerpt.ts';

/** Blank lines between diagnostics, a line end after the last; nothing for an empty list. */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: { readonly color: boolean; readonly cwd: string },
): string {
  const style = { colors: makeColors(options.color), cwd: options.cwd };
  return diagnostics.map((diagnostic) => `${format(diagnostic, style).join('\n')}\n`).join('\n');
}

type Style = { readonly colors: Colors; readonly cwd: string };

function format(diagnostic: Diagnostic, style: Style): readonly string[] {
  const { colors } = style;
  const gutter = gutterOf(diagnostic);
  const lines = [
    `${placeOf(diagnostic.location, style)}${paint(diagnostic.severity, colors)} ${colors.bold(escapeControls(diagnostic.message))}`,
    ...sourceOf({ location: diagnostic.location, mark: diagnostic.severity, gutter, colors }),
  ];
  const indent = ' '.repeat(gutter + 1);
  for (const { message, location } of diagnostic.related) {
    lines.push(`${indent}${placeOf(location, style)}${paint('note', colors)} ${escapeControls(message)}`);
    lines.push(...sourceOf({ location, mark: 'note', gutter, colors }));
  }
  // What to do comes last.
  if (diagnostic.hint !== null)
    lines.push(`${indent}${colors.note('help:')} ${escapeControls(diagnostic.hint)}`);
  return lines;
}

function placeOf(location: Location | null, { colors, cwd }: Style): string {
  if (location === null) return '';
  const relative = path.relative(cwd, location.file);
  const file = relative === '' || relative.startsWith('..') ? location.file : relative;
  return `${colors.bold(`${escapeControls(file)}:${location.line}:${location.column}`)} `;
}

function paint(severity: Severity, colors: Colors): string {
  return colors[severity](`${severity}:`);
}

/** As wide as the widest line number of one diagnostic, so that its bars stand in one column. */
function gutterOf(diagnostic: Diagnostic): number {
  const places = [diagnostic.location, ...diagnostic.related.map(({ location }) => location)];
  const widest = places.reduce((width, place) => Math.max(width, place ? String(place.line).length : 0), 0);
  return widest + 1;
}

type Shown = {
  readonly location: Location | null;
  readonly mark: Severity;
  readonly gutter: number;
  readonly colors: Colors;
};

function sourceOf({ location, mark, gutter, colors }: Shown): readonly string[] {
  if (location === null || location.sourceLine === null) return [];
  const { text, indent, marks } = excerpt({
    line: location.sourceLine,
    column: location.column,
    length: location.length,
  });
  const number = String(location.line).padStart(gutter);
  const bar = colors.dim('|');
  return [
    `${colors.dim(number)} ${bar} ${text}`,
    `${' '.repeat(gutter)} ${bar} ${' '.repeat(indent)}${colors[mark]('^'.repeat(marks))}`,
  ];
}
