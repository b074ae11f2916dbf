// What stands between the cells of a table: a comma, unless the file says or shows that it is something else. Pure.

export type Dialect = {
  readonly delimiter: string;
  /** Bytes of a first line `sep=;`, which spreadsheets write and which is no header. */
  readonly skip: number;
};

/** A header with a comma is of commas; one without that another mark splits is of that mark. */
export function dialectOf(text: string, { file }: { readonly file: string }): Dialect {
  const told = /^sep=([^\r\n])\r?\n/i.exec(text);
  if (told) return { delimiter: told[1]!, skip: Buffer.byteLength(told[0]) };
  if (/\.tsv$/i.test(file)) return { delimiter: '\t', skip: 0 };
  // Names in quotes may hold anything.
  const header = (/^\s*([^\r\n]*)/.exec(text)?.[1] ?? '').replace(/"[^"]*"/g, '');
  const shown = header.includes(',') ? undefined : [';', '\t'].find((mark) => header.includes(mark));
  return { delimiter: shown ?? ',', skip: 0 };
}
