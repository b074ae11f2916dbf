// What SQLite says of a failure, without the particulars: the low byte of its extended code. https://www.sqlite.org/rescode.html

export const SQLITE_BUSY = 5;
export const SQLITE_READONLY = 8;
export const SQLITE_IOERR = 10;
export const SQLITE_FULL = 13;
export const SQLITE_CANTOPEN = 14;

/** @returns null: it is no error of SQLite's */
export function sqliteKind(cause: unknown): number | null {
  const code = (cause as { readonly errcode?: unknown } | null | undefined)?.errcode;
  return typeof code === 'number' ? code & 0xff : null;
}
