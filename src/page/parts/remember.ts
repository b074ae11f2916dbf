// What was worked out of texts is kept for a while: a fold that opens, or Markdown that is switched off and on, asks for it again.

/** The last so many results of a function of texts. */
export function remember<Texts extends readonly string[], Result>(
  make: (...texts: Texts) => Result,
  most: number,
): (...texts: Texts) => Result {
  const kept = new Map<string, Result>();
  return (...texts) => {
    // Lengths first: no text that holds a separator is taken for two.
    const name = `${texts.map(({ length }) => length).join(',')}:${texts.join('')}`;
    const known = kept.get(name);
    const result = known ?? make(...texts);
    kept.delete(name);
    kept.set(name, result);
    if (kept.size > most) kept.delete(kept.keys().next().value!);
    return result;
  };
}
