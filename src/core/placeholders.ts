// `{{name}}` in a text: what may stand there, and what is put in. Rendering, checking and fingerprints all ask here, so
// that what one of them reads the others know of. Pure.

/** What a placeholder reads. */
export type Read =
  | { readonly kind: 'input' | 'id' | 'category' }
  | { readonly kind: 'variable' | 'argument'; readonly name: string }
  /** `{{!name}}`: braces that are meant as braces. */
  | { readonly kind: 'literal'; readonly text: string };

/** A template makes the prompt, the system's text included; a result is what a tool gives back in a tool loop. */
export type Scope = 'template' | 'result';

export type Placeholder = {
  /** With its braces. */
  readonly written: string;
  readonly name: string;
  readonly offset: number;
  /** null = it means nothing here, and is sent as it stands. */
  readonly read: Read | null;
};

/** Braces cannot stand inside: each character is looked at twice at most, whatever the text. */
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

export function placeholdersIn(text: string, scope: Scope): readonly Placeholder[] {
  if (!text.includes('{{')) return [];
  return [...text.matchAll(PLACEHOLDER)].map((match) => {
    const inner = match[1]!;
    return { written: match[0], name: inner.trim(), offset: match.index, read: readOf(inner, scope) };
  });
}

/**
 * Each is filled once: what was put in is not searched again.
 * @param textOf undefined = it stays as it is written
 */
export function fillPlaceholders(
  text: string,
  scope: Scope,
  textOf: (read: Read) => string | undefined,
): string {
  // A function as the replacement: `$&` in a value is text.
  return text.replace(PLACEHOLDER, (written, inner: string) => {
    const read = readOf(inner, scope);
    if (read?.kind === 'literal') return read.text;
    return (read === null ? undefined : textOf(read)) ?? written;
  });
}

/** Where the text is nothing but one placeholder: what it reads. */
export function onlyPlaceholder(text: string, scope: Scope): Read | null {
  const inner = /^\{\{([^{}]*)\}\}$/.exec(text)?.[1];
  return inner === undefined ? null : readOf(inner, scope);
}

function readOf(inner: string, scope: Scope): Read | null {
  const name = inner.trim();
  if (name === 'id') return { kind: 'id' };
  // Arguments are named by whoever made the tool: a blank may be in them.
  const [, place, member] = (scope === 'result' ? RESULT_MEMBER : TEMPLATE_MEMBER).exec(name) ?? [];
  if (place === 'vars') return { kind: 'variable', name: member! };
  if (place === 'arguments') return { kind: 'argument', name: member! };
  if (scope === 'template' && (name === 'input' || name === 'category')) return { kind: name };
  if (scope === 'template' && name.startsWith('!')) return literal(inner);
  return null;
}

function literal(inner: string): Read {
  return { kind: 'literal', text: `{{${inner.trimStart().slice(1)}}}` };
}

const TEMPLATE_MEMBER = /^(vars)\.(\S+)$/;
const RESULT_MEMBER = /^(vars|arguments)\.(.+)$/;
