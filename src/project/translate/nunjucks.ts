// A template of promptfoo or Inspect -> one of ours: names are names of variables, and nothing else is taken. Pure.

export type Translated =
  | { readonly kind: 'ok'; readonly text: string; readonly names: readonly string[] }
  /** `what`: as it is written, and where: a line of the text, from 1. */
  | { readonly kind: 'none'; readonly what: string; readonly line: number };

/**
 * `{{ topic }}` -> `{{vars.topic}}`; names that are ours stay bare: `{{input}}`.
 * @param own names that the scenario itself has: input, id, category
 */
export function translateTemplate(text: string, own: ReadonlySet<string>): Translated {
  const names = new Set<string>();
  let wrong: { readonly what: string; readonly line: number } | null = null;
  const said = text.replace(
    /\{\{-?([\s\S]*?)-?\}\}|\{%[\s\S]{0,60}|\{#[\s\S]{0,60}/g,
    (whole: string, inner: string | undefined, at: number) => {
      const name = inner?.trim() ?? '';
      if (!NAME.test(name)) {
        const line = text.slice(0, at).split('\n').length;
        wrong ??= { what: shortened(whole), line };
        return '';
      }
      names.add(name);
      return own.has(name) ? `{{${name}}}` : `{{vars.${name}}}`;
    },
  );
  return wrong === null
    ? { kind: 'ok', text: said, names: [...names] }
    : { kind: 'none', ...(wrong as { what: string; line: number }) };
}

/** Variables that a template reads, whatever else is in it. */
export function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/\{\{-?\s*([A-Za-z_]\w*)/g)].map(([, name]) => name!);
}

/** As nunjucks has names: in `{{ a-b }}` it subtracts. */
const NAME = /^[A-Za-z_]\w*$/;
const MOST_CHARS = 40;

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MOST_CHARS ? line : `${line.slice(0, MOST_CHARS)}...`;
}
