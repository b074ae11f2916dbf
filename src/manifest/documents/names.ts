// What a name or an id may look like: it is printed, put into tables and typed by people, so it is one visible line.

export const MAX_NAME_CHARS = 200;

export type NameProblem = { readonly message: string; readonly hint: string | null };

/** `what` begins the sentence, e.g. `the id`. Null = nothing wrong. */
export function nameProblem(what: string, name: string): NameProblem | null {
  if (name === '') return { message: `${what} is empty`, hint: null };
  if (name.length > MAX_NAME_CHARS) {
    return {
      message: `${what} is ${name.length} characters long; the limit is ${MAX_NAME_CHARS}`,
      hint: null,
    };
  }
  // Most names are ASCII, and a regular expression over all of Unicode takes milliseconds to compile.
  if (/^[!-~](?:[ -~]*[!-~])?$/.test(name)) return null;
  const unseen = UNSEEN.exec(name);
  if (unseen) {
    const code = unseen[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    return { message: `${what} holds a character that cannot be seen (U+${code})`, hint: 'leave it out' };
  }
  if (name.trim() !== name)
    return { message: `${what} begins or ends with white space`, hint: 'leave it out' };
  return null;
}

/** Control characters, line separators, lone surrogates, and marks that reorder the text around them. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200b\u202a-\u202e\u2066-\u2069\ufeff]/u;
