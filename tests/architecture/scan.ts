// TypeScript text -> tokens -> imports and mentioned names, without a compiler: enough of the language to tell code
// from comments, strings, templates and regular expressions.

export type Token = {
  readonly kind: 'word' | 'text' | 'mark';
  /** Of a `text`: what stands between the quotes; of a template, what stands before its first `${`. */
  readonly text: string;
  readonly line: number;
};

export type Import = { readonly from: string; readonly line: number };

const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$]*/uy;
const NUMBER = /\d[\w.]*/y;
/** After one of these a slash begins a regular expression, not a division. */
const BEFORE_REGEX = /^(?:return|typeof|case|in|of|do|else|void|await|yield|[=(,:;!&|?{}[+\-*%<>~^])$/;

export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  /** For each open template: how many braces are open inside its `${`. */
  const templates: number[] = [];
  let at = 0;
  let line = 1;
  const push = (kind: Token['kind'], text: string): void => {
    tokens.push({ kind, text, line });
  };
  const skipTo = (end: number): void => {
    for (; at < end; at++) if (source[at] === '\n') line++;
  };
  const sticky = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0] ?? null;
  };
  const readTemplate = (): void => {
    const start = at;
    let end = at;
    while (end < source.length && source[end] !== '`' && !source.startsWith('${', end)) {
      end += source[end] === '\\' ? 2 : 1;
    }
    push('text', source.slice(start, end));
    if (source[end] === '$') {
      templates.push(0);
      skipTo(end + 2);
    } else {
      skipTo(end + 1);
    }
  };
  while (at < source.length) {
    const mark = source[at]!;
    if (/\s/.test(mark)) skipTo(at + 1);
    else if (source.startsWith('//', at)) skipTo(endOf(source, '\n', at));
    else if (source.startsWith('/*', at)) skipTo(endOf(source, '*/', at + 2) + 2);
    else if (mark === '"' || mark === "'") {
      const end = closing(source, mark, at);
      push('text', source.slice(at + 1, end));
      skipTo(end + 1);
    } else if (mark === '`') {
      skipTo(at + 1);
      readTemplate();
    } else if (mark === '}' && templates.at(-1) === 0) {
      templates.pop();
      skipTo(at + 1);
      readTemplate();
    } else if (mark === '/' && (tokens.length === 0 || BEFORE_REGEX.test(tokens.at(-1)!.text))) {
      skipTo(closingRegex(source, at) + 1);
      push('text', '');
    } else {
      const word = sticky(WORD) ?? sticky(NUMBER);
      if (mark === '{' && templates.length > 0) templates[templates.length - 1]!++;
      if (mark === '}' && templates.length > 0) templates[templates.length - 1]!--;
      push(word === null || /\d/.test(mark) ? 'mark' : 'word', word ?? mark);
      skipTo(at + (word ?? mark).length);
    }
  }
  return tokens;
}

/** Static, type-only and dynamic imports, `export ... from`, and modules named by `new URL(..., import.meta.url)`. */
export function importsOf(tokens: readonly Token[]): readonly Import[] {
  const found: Import[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const next = tokens[i + 1];
    if (token.kind !== 'word' || tokens[i - 1]?.text === '.') continue;
    const add = (from: string): void => {
      found.push({ from, line: token.line });
    };
    if (token.text === 'import' && next?.kind === 'text') add(next.text);
    else if ((token.text === 'import' || token.text === 'require') && next?.text === '(') {
      const name = tokens[i + 2];
      // A path that is put together cannot be checked: it is reported as an import of nothing.
      const whole = name?.kind === 'text' && [')', ','].includes(tokens[i + 3]?.text ?? '');
      add(whole ? name.text : '');
    } else if (token.text === 'import' && next?.text !== '.') addFrom(tokens, i + 1, add);
    else if (token.text === 'export' && isReExport(tokens, i + 1)) addFrom(tokens, i + 1, add);
    else if (token.text === 'URL' && next?.text === '(') {
      const name = tokens[i + 2];
      // `../worker/thread.${ending}`: the ending depends on whether the code was built.
      if (name?.kind === 'text' && /^\.\.?\/.*\.(?:ts|js)?$/.test(name.text)) {
        add(name.text.replace(/\.(?:ts|js)?$/, '.ts'));
      }
    }
  }
  return found;
}

function isReExport(tokens: readonly Token[], start: number): boolean {
  const at = tokens[start]?.text === 'type' ? start + 1 : start;
  if (tokens[at]?.text === '*') return true;
  if (tokens[at]?.text !== '{') return false;
  const end = tokens.findIndex((token, i) => i > at && token.text === '}');
  return tokens[end + 1]?.text === 'from';
}

function addFrom(tokens: readonly Token[], start: number, add: (from: string) => void): void {
  for (let i = start; i < tokens.length && tokens[i]!.text !== ';'; i++) {
    if (tokens[i]!.text === 'from' && tokens[i + 1]?.kind === 'text') {
      add(tokens[i + 1]!.text);
      return;
    }
  }
}

function closing(source: string, quote: string, start: number): number {
  let end = start + 1;
  while (end < source.length && source[end] !== quote && source[end] !== '\n')
    end += source[end] === '\\' ? 2 : 1;
  return end;
}

function closingRegex(source: string, start: number): number {
  let inClass = false;
  let end = start + 1;
  for (; end < source.length && source[end] !== '\n'; end++) {
    const mark = source[end];
    if (mark === '\\') end++;
    else if (mark === '[') inClass = true;
    else if (mark === ']') inClass = false;
    else if (mark === '/' && !inClass) break;
  }
  return end;
}

function endOf(source: string, mark: string, from: number): number {
  const end = source.indexOf(mark, from);
  return end === -1 ? source.length : end;
}
