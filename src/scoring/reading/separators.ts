// How a locale writes numbers, as ICU has it: BCP 47 tag -> its marks.

export type Separators = {
  readonly decimal: string /** null = whoever wrote it did not say. */;
  readonly group: string | null;
};

export function isLocale(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

const known = new Map<string, Separators>();

/** The marks as `toAscii` leaves them. */
export function separatorsOf(tag: string, toAscii: (text: string) => string): Separators {
  let found = known.get(tag);
  if (found === undefined) {
    const parts = new Intl.NumberFormat(tag).formatToParts(1234567.5);
    const mark = (type: string): string => toAscii(parts.find((part) => part.type === type)?.value ?? '');
    found = { decimal: mark('decimal'), group: mark('group') };
    known.set(tag, found);
  }
  return found;
}
