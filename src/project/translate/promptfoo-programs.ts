// Providers of promptfoo that are programs (exec, Python, HTTP) -> `command:` with a small file between the two protocols.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { findNamed, type Placed, type Reach, textOf } from './source.ts';

export type Program = {
  readonly kind: 'program';
  readonly command: readonly string[];
  /** The file between, by its name under harness/. */
  readonly between: string;
  /** Files that the program is made of and that no word of the command names for us. */
  readonly inputs: readonly string[];
  readonly passEnv: readonly string[];
  /** Settings that are not handed on, with the reason. */
  readonly dropped: ReadonlyMap<string, string>;
};

export type FoundProgram =
  | Program
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'no-program' };

type ProgramContext = {
  readonly reach: Reach;
  /** Where the manifest will be. */
  readonly folder: string;
  readonly placed: Placed<unknown>;
};

export function programOf(id: string, config: JsonObject, context: ProgramContext): FoundProgram {
  if (/^https?:\/\//.test(id) || id === 'http' || id === 'https') return http(id, config);
  if (id.startsWith('exec:')) return exec(id.slice('exec:'.length), config, context);
  const python = /^(?:python:|file:\/\/)(.+\.py)(?::(\w+))?$/.exec(
    id.replace(/^python:file:\/\//, 'python:'),
  );
  if (python) return pythonFile({ file: python[1]!, name: python[2] ?? 'call_api', config, context });
  if (
    /\.[cm]?[jt]s(?::\w+)?$/.test(id) ||
    /^(?:webhook|websocket|wss?|golang|ruby|browser|mcp|sequence|package|promptfoo):/.test(id) ||
    /\.(?:go|rb)$/.test(id)
  )
    return none(
      'it is code of another form: a variant of own code is use: ./variant.ts, a program command: [...] (docs/variants.md)',
    );
  return { kind: 'no-program' };
}

/** The text of a file between, as it lies in the package. */
export function betweenText(name: string): string {
  const folder = fileURLToPath(new URL('../../../templates/from-promptfoo/', import.meta.url));
  return readFileSync(path.join(folder, name), 'utf8');
}

/** Words as a shell would part them; what only a shell can do is refused. */
function exec(line: string, config: JsonObject, context: ProgramContext): FoundProgram {
  const words = wordsOf(line.trim());
  if (words === null || words.length === 0)
    return none('it needs a shell: put the line into a script, and write exec: ./script.sh');
  const { handed, dropped } = parted(config);
  const files = words.flatMap((word) => {
    const found = /\.\w+$/.test(word) ? findNamed(word, context.placed.source.folder, context.reach) : null;
    return found?.kind === 'found' ? [found.file] : [];
  });
  return {
    ...program('promptfoo_exec.mjs', [
      'node',
      'harness/promptfoo_exec.mjs',
      JSON.stringify(handed),
      ...words,
    ]),
    passEnv: [...new Set(files.flatMap(readVariables))],
    dropped,
  };
}

function pythonFile({
  file,
  name,
  config,
  context,
}: {
  readonly file: string;
  readonly name: string;
  readonly config: JsonObject;
  readonly context: ProgramContext;
}): FoundProgram {
  const found = findNamed(file, context.placed.source.folder, context.reach);
  if (found.kind === 'none') return none(`${file}: ${found.why}`);
  const shown = path.relative(context.folder, found.file).replaceAll('\\', '/');
  if (shown.startsWith('../')) return none(`${file} lies outside of the folder of the experiment`);
  const interpreter = typeof config.pythonExecutable === 'string' ? config.pythonExecutable : 'python3';
  const { handed, dropped } = parted(config);
  return {
    ...program('promptfoo_python.py', [
      ...[interpreter, 'harness/promptfoo_python.py', JSON.stringify(handed), shown, name],
    ]),
    inputs: [shown],
    passEnv: readVariables(found.file),
    dropped,
  };
}

function http(id: string, config: JsonObject): FoundProgram {
  const url = config.url ?? (/^https?:\/\//.test(id) ? id : undefined);
  if (typeof url !== 'string') return none('it names no URL');
  if (typeof config.request === 'string')
    return none('a raw request is not read: say url, method, headers and body');
  // Whatever else is said changes what is asked, or how it is answered.
  for (const name of Object.keys(config))
    if (!HTTP.has(name) && !HTTP_DROPPED.has(name))
      return none(`${name} of an HTTP target is not known here: write a program of your own, command: [...]`);
  const answer = answerPath(config.transformResponse ?? config.responseParser);
  if (answer === undefined)
    return none('transformResponse is code: a path such as json.choices[0].message.content is read');
  const method =
    typeof config.method === 'string' ? config.method : config.body === undefined ? 'GET' : 'POST';
  const told = {
    url,
    method,
    headers: isJsonObject(config.headers) ? config.headers : {},
    ...(isJsonObject(config.queryParams) ? { query: config.queryParams } : {}),
    body: config.body ?? null,
    answer,
  };
  const text = JSON.stringify(told);
  const open = [...Object.entries(told.headers), ...Object.entries(told.query ?? {})].find(
    ([name, value]) => /auth|key|token|secret|cookie/i.test(name) && !String(value).includes('{{'),
  );
  if (open !== undefined)
    return none(
      `its ${Object.hasOwn(told.headers, open[0]) ? 'header' : 'parameter'} ${open[0]} may hold a key: write {{env.NAME}} there, and it is read when it is asked`,
    );
  const passed = [
    ...new Set([...text.matchAll(/\{\{\s*env\.([A-Za-z_]\w*)\s*\}\}/g)].map(([, name]) => name!)),
  ];
  return {
    ...program('promptfoo_http.mjs', ['node', 'harness/promptfoo_http.mjs', text]),
    passEnv: passed,
    dropped: new Map([...HTTP_DROPPED].filter(([name]) => config[name] !== undefined)),
  };
}

const HTTP = new Set([
  ...['url', 'method', 'headers', 'queryParams', 'body', 'request', 'transformResponse', 'responseParser'],
]);
const HTTP_DROPPED: ReadonlyMap<string, string> = new Map([
  ['maxRetries', 'it is execution.retries'],
  ['tokenEstimation', 'usage is what the answer says of it, and unknown where it says nothing'],
  ['useHttps', 'it is of raw requests'],
]);

/** Steps to the answer; null = the body as it is; undefined: it is more than a path. */
function answerPath(written: Json | undefined): readonly (string | number)[] | null | undefined {
  if (written === undefined || written === null || written === 'text') return null;
  if (typeof written !== 'string' || !/^json(?:\.[A-Za-z_$][\w$]*|\[\d+\]|\['[^']+'\])*$/.test(written))
    return undefined;
  return [...written.matchAll(/\.([A-Za-z_$][\w$]*)|\[(\d+)\]|\['([^']+)'\]/g)].map(
    ([, name, index, quoted]) => (index === undefined ? (name ?? quoted!) : Number(index)),
  );
}

function wordsOf(line: string): readonly string[] | null {
  if (/[|&;<>`$\n(){}*?~#]/.test(line)) return null;
  const words = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  if (words.join('').length < line.replace(/\s(?=(?:[^"']*["'][^"']*["'])*[^"']*$)/g, '').length) return null;
  return words.map((one) =>
    one.replace(
      /"([^"]*)"|'([^']*)'/g,
      (_, double: string | undefined, single: string | undefined) => double ?? single ?? '',
    ),
  );
}

/** Without what promptfoo itself reads of it, and without keys: a manifest is no place for them. */
function parted(config: JsonObject): {
  readonly handed: JsonObject;
  readonly dropped: ReadonlyMap<string, string>;
} {
  const entries = Object.entries(config).filter(([name]) => !/^(?:basePath|pythonExecutable)$/.test(name));
  const keys = entries.filter(([name]) => /(?:key|token|secret|password|credentials?)$/i.test(name));
  return {
    handed: Object.fromEntries(entries.filter((entry) => !keys.includes(entry))),
    dropped: new Map(
      keys.map(([name]) => [
        name,
        'it may be a key, and keys stand in the environment: let the program read it there (pass_env: [NAME])',
      ]),
    ),
  };
}

/** Variables of the environment that its text reads: a program is given no other. */
function readVariables(file: string): readonly string[] {
  const found = textOf(file).matchAll(
    /(?:environ(?:\.get)?\s*[[(]|getenv\(|process\.env(?:\.|\[))\s*["'`]?([A-Z_][A-Z0-9_]*)/g,
  );
  return [...new Set([...found].map(([, name]) => name!))];
}

function program(between: string, command: readonly string[]): Program {
  return { kind: 'program', command, between, inputs: [], passEnv: [], dropped: new Map() };
}

function none(why: string): FoundProgram {
  return { kind: 'none', why };
}
