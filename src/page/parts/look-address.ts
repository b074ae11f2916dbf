// How draws are looked at <-> an address: what is open, how texts are shown. The same names on every screen that shows draws. Pure.

export type LookState = {
  /** What is folded, in all draws at once: what stands beside each other stays beside each other. */
  readonly open: ReadonlySet<string>;
  /** null = as this browser had it last. */
  readonly markdown: boolean | null;
  readonly raw: boolean;
  /** Words are marked even where both have little in common. */
  readonly marksAll: boolean;
};

export const LOOK_NAMES = ['open', 'md', 'raw', 'marks'] as const;

export function readLook(query: URLSearchParams): LookState {
  const md = query.get('md');
  return {
    open: new Set((query.get('open') ?? '').split(',').filter((name) => /^[a-z]{1,20}$/.test(name))),
    markdown: md === 'on' ? true : md === 'off' ? false : null,
    raw: query.get('raw') === 'on',
    marksAll: query.get('marks') === 'all',
  };
}

/** Only what is not the default. @param query is changed */
export function setLook(query: URLSearchParams, { open, markdown, raw, marksAll }: LookState): void {
  const values: Record<(typeof LOOK_NAMES)[number], string | null> = {
    open: open.size === 0 ? null : [...open].sort().join(','),
    md: markdown === null ? null : markdown ? 'on' : 'off',
    raw: raw ? 'on' : null,
    marks: marksAll ? 'all' : null,
  };
  for (const name of LOOK_NAMES) {
    const value = values[name];
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
}

/** Opened where it was shut, shut where it was open. */
export function toggled(open: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const next = new Set(open);
  if (!next.delete(name)) next.add(name);
  return next;
}
