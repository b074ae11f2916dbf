// Lines that GitHub Actions obeys instead of showing: ours are escaped as the runner reads them, and text of others is kept
// from being one (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands). Pure.

export type Annotation = {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  /** Relative to the repository; null = of no file. */
  readonly file: string | null;
  readonly line: number | null;
};

/** Line end included. */
export function annotationLine({ level, title, message, file, line }: Annotation): string {
  const fields = [
    ...(file === null ? [] : [`file=${property(file)}`]),
    ...(file === null || line === null ? [] : [`line=${line}`]),
    `title=${property(title)}`,
  ];
  return `::${level} ${fields.join(',')}::${data(message)}\n`;
}

/**
 * Of each line of both streams the runner looks for `::` behind its blanks (`TrimStart` of .NET, to which U+0085 is one), and for the
 * older `##[` anywhere in it (github.com/actions/runner: src/Runner.Common/ActionCommand.cs). That of JSON stays JSON.
 */
export function withoutCommands(text: string): string {
  return text.replace(/^((?:[^\S\r\n]|\u0085)*):(?=:)/gm, '$1\\:').replace(/##(?=\[)/g, '#\\u0023');
}

function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
