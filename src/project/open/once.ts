// What is made when it is first asked for, and then is known.

export function once<T extends object>(make: () => T): () => T {
  let made: T | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/** One for each key, by what it says. */
export function byKey<K, T>(make: (key: K) => T): (key: K) => T {
  const made = new Map<string, T>();
  return (key) => {
    const id = JSON.stringify(key);
    const known = made.get(id);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(id, value);
    return value;
  };
}
