// Words of a command that is copied into a shell. Pure.

/** A name that a shell would take apart, or a filter would take for a pattern, is quoted. */
export function shellWord(text: string): string {
  return /^[\w.:/@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
