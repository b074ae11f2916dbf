// Which of pytest's options can change what a test does, and which only say how many run at a time, which are chosen and
// what is printed. Whatever is not known counts. Pure.

/** With a value of their own: `-n 4`, `-n4`, `--count=3`. */
const WITH_VALUE = [
  ...['-n', '--numprocesses', '--maxprocesses', '--dist', '--tx', '--count', '--repeat-scope'],
  ...['--reruns', '--reruns-delay', '--only-rerun', '--rerun-except', '--retries', '--retry-delay'],
  ...['-k', '-m', '--deselect', '--ignore', '--ignore-glob', '--maxfail', '--durations', '--durations-min'],
  ...['--tb', '--color', '--code-highlight', '--verbosity', '--show-capture', '--junitxml', '--junit-xml'],
  ...['--junit-prefix', '--report-log', '--html', '--json-report-file', '--cov-report', '--cov-config'],
  ...['--cov-context', '--cov-fail-under', '-r'],
];
const ALONE = [
  ...['--exitfirst', '--verbose', '--quiet', '--no-header', '--no-summary', '--lf', '--last-failed', '--ff'],
  ...[
    '--failed-first',
    '--nf',
    '--new-first',
    '--sw',
    '--stepwise',
    '--cache-clear',
    '--self-contained-html',
  ],
  ...['--json-report', '--no-cov', '--cov-append', '--cov-branch', '--no-cov-on-fail', '--collect-only'],
];
const PLUGINS = ['no:cacheprovider', 'no:randomly', 'no:sugar', 'no:terminal'];

/** The words of a command line, or of `addopts`, that count. */
export function countedArgs(words: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (WITH_VALUE.includes(word)) {
      i++;
    } else if (word === '-p' && PLUGINS.includes(words[i + 1] ?? '')) {
      i++;
    } else if (!isOut(word)) {
      kept.push(word);
      const next = words[i + 1];
      // What follows an option of another plugin may be its value.
      if (word.startsWith('-') && next !== undefined && !next.startsWith('-')) {
        if (!isTest(next)) kept.push(next);
        i++;
      }
    }
  }
  return kept;
}

function isOut(word: string): boolean {
  if (ALONE.includes(word) || isTest(word)) return true;
  if (/^-[qvx]+$/.test(word) || /^-(?:n\d|nauto|nlogical|r[a-zA-Z]+$|[km][^-])/.test(word)) return true;
  if (/^--cov(?:=|$)/.test(word) || PLUGINS.some((name) => word === `-p${name}`)) return true;
  return WITH_VALUE.some((name) => name.startsWith('--') && word.startsWith(`${name}=`));
}

/** A file of tests or one test of it: which are run, and not what they do. */
function isTest(word: string): boolean {
  return !word.startsWith('-') && (word.includes('::') || word.endsWith('.py'));
}

/** As a shell takes a line apart; a quote that is never closed goes to the end. */
export function shellWordsOf(text: string): readonly string[] {
  const words = text.match(/(?:"(?:[^"\\]|\\.)*"?|'[^']*'?|\\.|[^\s"'\\])+/gs) ?? [];
  return words.map((word) => word.replace(/"((?:[^"\\]|\\.)*)"?|'([^']*)'?|\\(.)/gs, '$1$2$3'));
}

/**
 * Settings of pytest as they are read: without comments, in no order.
 * @param text of pytest.ini, or the part of pyproject.toml, tox.ini or setup.cfg that is pytest's
 */
export function countedSettings(text: string): { readonly [name: string]: readonly string[] } {
  const found = new Map<string, string[]>();
  let last: string[] | null = null;
  let open = 0;
  for (const raw of text.split(/\r?\n/)) {
    const line = withoutComment(raw);
    if (line.trim() === '') continue;
    const entry = open > 0 ? null : /^([\w.-]+|"[^"]*")\s*[=:]\s*(.*)$/.exec(line);
    if (open === 0 && /^\[.*\]\s*$/.test(line)) {
      last = null;
      continue;
    }
    if (entry) {
      last = [];
      found.set(entry[1]!.replaceAll('"', ''), last);
    }
    const value = (entry ? entry[2]! : line).trim();
    if (last === null) found.set(`(line ${found.size})`, [value]);
    else if (value !== '') last.push(value);
    open = Math.max(0, open + balanceOf(value));
  }
  return Object.fromEntries(
    [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, lines]) => {
        const values = valuesOf(lines.join('\n'));
        if (name !== 'addopts') return [[name, values]];
        const counted = countedArgs(values.flatMap(shellWordsOf));
        return counted.length === 0 ? [] : [[name, counted]];
      }),
  );
}

/** The items of a list of TOML, or the lines of an ini file. */
function valuesOf(text: string): readonly string[] {
  const list = /^\[([\s\S]*)\]$/.exec(text)?.[1];
  if (list === undefined) return text.split('\n').map((line) => unquoted(line.trim()));
  const items = list.match(/"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,"']+/g) ?? [];
  return items.map(unquoted);
}

function unquoted(text: string): string {
  return /^("""|'''|"|')([\s\S]*)\1$/.exec(text)?.[2] ?? text;
}

function withoutComment(line: string): string {
  if (/^\s*[#;]/.test(line)) return '';
  const found = /^((?:[^#"']|"(?:[^"\\]|\\.)*"|'[^']*'|["'])*?)\s#.*$/.exec(line);
  return (found?.[1] ?? line).trimEnd();
}

function balanceOf(text: string): number {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '');
  return (bare.match(/\[/g) ?? []).length - (bare.match(/\]/g) ?? []).length;
}
