// What `init` asks in a terminal. Pure.

export type Way = {
  readonly begins:
    | { readonly kind: 'sample' }
    | { readonly kind: 'template'; readonly name: string }
    | { readonly kind: 'pytest' }
    | { readonly kind: 'promptfoo' | 'inspect' | 'data'; readonly file: string };
  /** As the option that says the same. */
  readonly option: string;
  readonly what: string;
  /** Whether it has providers of its own that could be asked at once. */
  readonly asksReal: boolean;
};

export type FoundAround = {
  /** As seen from the folder. */
  readonly promptfoo: readonly string[];
  readonly inspect: readonly string[];
  readonly data: readonly string[];
  readonly hasPytest: boolean;
};

/** What lies there first, then the templates. */
export function waysOf(input: {
  readonly found: FoundAround;
  readonly templates: { readonly [name: string]: string };
}): readonly Way[] {
  const { found, templates } = input;
  const file = (kind: 'promptfoo' | 'inspect' | 'data', name: string, what: string): Way => ({
    begins: { kind, file: name },
    option: `--from-${kind} ${name}`,
    what,
    asksReal: true,
  });
  return [
    ...found.promptfoo.map((name) => file('promptfoo', name, 'what promptfoo asks, asked here')),
    ...found.inspect.map((name) => file('inspect', name, "the task's data set, prompts and scorers")),
    ...(found.hasPytest
      ? [
          {
            ...{ begins: { kind: 'pytest' as const }, option: '--from-pytest', asksReal: false },
            what: 'the tests of pytest that are here',
          },
        ]
      : []),
    ...found.data.map((name) => file('data', name, 'a data set: its rows are scenarios')),
    {
      begins: { kind: 'sample' },
      option: 'init alone',
      what: 'the sample: two sets of tools',
      asksReal: false,
    },
    ...Object.entries(templates).map(([name, what]) => ({
      ...{ begins: { kind: 'template' as const, name }, option: `--template ${name}`, what, asksReal: false },
    })),
  ];
}

export function wayQuestion(ways: readonly Way[]): string {
  const width = Math.max(...ways.map(({ option }) => option.length));
  const rows = ways.map(
    ({ option, what }, i) => `  ${String(i + 1).padStart(2)}  ${option.padEnd(width)}  ${what}\n`,
  );
  return `What do you begin with?\n${rows.join('')}Number [1]: `;
}

export function folderQuestion(): string {
  return 'Into which folder? [.]: ';
}

export function realQuestion(): string {
  return 'Ask the real providers from the first run on, or a simulation first? real = y [n]: ';
}
