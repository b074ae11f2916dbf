// What Python code consists of: the modules of the project that it imports, over any number of steps, and the installed
// distributions that they name, by version. Python itself reads each file; where to look is worked out here.
import path from 'node:path';
import { type Closure, type CodePlace, type ReadCode, reached, type Sweep, UNRUN } from './closure-list.ts';
import { filesBelow, isFileAt, PYTHON_FILE } from './project-files.ts';
import type { Installed } from './python-installed.ts';
import { type FoundModule, makeModuleFinder } from './python-modules.ts';
import type { Interpreter, PythonImports, PythonPlace } from './python-parser.ts';

export type PythonStart = {
  /** Absolute. */
  readonly files: readonly string[];
  /** Dotted names; `isMain`: what `-m` runs. */
  readonly modules: readonly { readonly name: string; readonly isMain: boolean }[];
  /** Of `python -c`. */
  readonly texts: readonly string[];
  /** Words that may be modules: `app:main` of a server's command. */
  readonly maybe: readonly string[];
  /** Where absolute imports start, absolute, in the order of sys.path. */
  readonly roots: readonly string[];
};

export type PythonWorld = {
  /** Absolute: where programs start. */
  readonly folder: string;
  readonly read: ReadCode;
  /** null = there is none: every file of the folder counts. */
  readonly interpreter: Interpreter | null;
  /** Whether it is the one that will run the code: then what it cannot read is a mistake. */
  readonly isOwn: boolean;
  readonly installed: Installed;
  readonly sweep: Sweep;
  /** Of modules that lie nowhere, those that the interpreter does not find either; absent = nobody is asked. */
  readonly missing?: (names: readonly string[]) => ReadonlySet<string>;
};

type Asked = {
  /** The file that imports it and cannot run without it; null = it may. */
  readonly from: string | null;
  readonly words: readonly string[];
  readonly names: readonly string[];
  readonly isMain: boolean;
};

export async function pythonClosure(start: PythonStart, input: PythonWorld): Promise<Closure> {
  const { folder, installed } = input;
  const finder = makeModuleFinder();
  const files = new Map<string, string>();
  const packages = new Map<string, string>();
  const problems: { place: CodePlace; message: string; hint?: string; isCertain: boolean }[] = [];
  /** Of a file, what it cannot run without. */
  const needs = new Map<string, string[]>();
  const open: CodePlace[] = [];
  const words: (readonly string[])[] = [];
  const waiting: string[] = [];
  /** What follows was named by nobody: a mistake in it is nobody's. */
  let isSweeping = false;
  const asked: Asked[] = [];
  /** Put on sys.path by the code itself. */
  const added = new Set<string>();
  let isPathUnknown = false;
  /** Something could not be read at all: no declaration makes up for that. */
  let isUnread = input.interpreter === null;
  let everyRoot: ReadonlyMap<string, ReadonlySet<string>> | null = null;
  const before = new Set<string>();
  /** Modules that lie nowhere, with a file that imports them. */
  const lacking = new Map<string, string>();

  const add = (found: readonly string[]): void => {
    waiting.push(...found);
  };

  function need(from: string | null, found: readonly string[]): void {
    add(found);
    if (from !== null) needs.set(from, [...(needs.get(from) ?? []), ...found]);
  }

  async function importsOf(context: {
    file: string;
    bytes: Buffer;
    digest: string;
  }): Promise<PythonImports | null> {
    if (input.interpreter === null) return null;
    const said = await input.interpreter.read(context);
    if (said === null || (said.error !== null && !input.isOwn)) isUnread = true;
    return said;
  }

  async function follow(file: string, said: PythonImports): Promise<void> {
    const own = path.dirname(file);
    for (const { level, module, names, isGuarded } of said.imports) {
      const parts = module.split('.').filter((word) => word !== '');
      const from = isGuarded ? null : file;
      if (level === 0) await ask({ from, words: parts, names: names ?? [], isMain: false });
      else await relative(level, parts, { from, names: names ?? [], own });
    }
    for (const name of said.plugins)
      await ask({ from: null, words: name.split('.'), names: [], isMain: false });
    for (const name of said.maybe) add(search(name.split('.'))?.files ?? []);
    for (const one of said.prefixes) beginning(one, own, file);
    for (const named of said.files) add([path.resolve(folder, named)].filter(isFileAt));
    for (const named of said.paths) await addRoot(path.resolve(folder, named));
    if (said.unknownPaths.length > 0 && !isPathUnknown) {
      isPathUnknown = true;
      for (const one of [...asked]) await resolve(one);
    }
    words.push(...said.words);
  }

  async function relative(
    level: number,
    parts: readonly string[],
    context: { readonly from: string | null; readonly names: readonly string[]; readonly own: string },
  ): Promise<void> {
    const base = path.resolve(context.own, ...Array.from({ length: level - 1 }, () => '..'));
    add(finder.packagesAbove(base));
    const found = parts.length === 0 ? { files: [], folders: [base] } : finder.find(parts, [base]);
    if (found) await take(found, { from: context.from, words: parts, names: context.names, isMain: false });
  }

  /** Asked again when sys.path grows. */
  async function ask(one: Asked): Promise<void> {
    const key = JSON.stringify(one);
    if (one.words.length === 0 || before.has(key)) return;
    before.add(key);
    asked.push(one);
    await resolve(one);
  }

  async function resolve(one: Asked): Promise<void> {
    const top = one.words[0]!;
    for (const root of added) {
      const more = finder.find(one.words, [root, ...start.roots]);
      if (more) await take(more, one);
    }
    const found = search(one.words);
    const isCertain = found !== null && found.files.length > 0;
    // A folder without __init__.py is the last choice, after all that is installed.
    if (!isCertain && input.interpreter?.about.stdlib.has(top)) return;
    const brought = isCertain ? [] : installed.find(top);
    if (found && brought.length === 0) await take(found, one);
    if (isCertain && !isPathUnknown) return;
    for (const { name, version } of brought) packages.set(name, version);
    // Found nowhere that we know of: whatever in the project has the name may be meant.
    if (brought.length === 0 || isPathUnknown) {
      const lying = rootsOf(top);
      if (found === null && lying.size === 0 && one.from !== null) lacking.set(top, one.from);
      for (const root of lying) {
        const more = finder.find(one.words, [root]);
        if (more) await take(more, one);
      }
    }
  }

  function search(words: readonly string[]): FoundModule | null {
    const linked = installed.linkedPackages.get(words[0]!);
    const roots = [...start.roots, ...(linked === undefined ? [] : [path.dirname(linked)])];
    return finder.find(words, [...roots, ...installed.linkedFolders]);
  }

  async function take(found: FoundModule, { from, names, isMain }: Asked): Promise<void> {
    need(from, found.files);
    const wanted = [...names.filter((name) => name !== '*'), ...(isMain ? ['__main__'] : [])];
    if (names.includes('*') && found.folders.length > 0) wanted.push(...(await starOf(found)));
    for (const name of wanted) need(from, finder.find([name], found.folders)?.files ?? []);
  }

  /** `from package import *` brings the modules that its `__all__` names. */
  async function starOf({ files: [...found], folders }: FoundModule): Promise<readonly string[]> {
    const init = found.at(-1);
    if (init === undefined || path.dirname(init) !== folders[0] || !init.endsWith('.py')) return [];
    const all = (await importsOf({ file: init, ...input.read(init) }))?.all ?? [];
    if (!all.includes('*')) return all;
    add(filesBelow(folders[0]!, PYTHON_FILE));
    return [];
  }

  /** `plugins.` + something: every module of that package may be meant. */
  function beginning(context: PythonPlace & { readonly name: string }, own: string, file: string): void {
    const { name, line, column } = context;
    const level = /^\.*/.exec(name)![0].length;
    const parts = name.split('.').filter((word) => word !== '');
    const base = path.resolve(own, ...Array.from({ length: Math.max(0, level - 1) }, () => '..'));
    const found =
      parts.length === 0
        ? { files: [], folders: [base] }
        : level > 0
          ? finder.find(parts, [base])
          : search(parts);
    add(found?.files ?? []);
    const below = (found?.folders ?? []).flatMap((one) => filesBelow(one, PYTHON_FILE));
    add(below);
    if (below.length > 0 || installed.find(parts[0] ?? '').length > 0) return;
    open.push({ file, line, column });
  }

  async function addRoot(root: string): Promise<void> {
    if (added.has(root) || start.roots.includes(root)) return;
    added.add(root);
    for (const one of [...asked]) await resolve(one);
  }

  function rootsOf(top: string): ReadonlySet<string> {
    everyRoot ??= rootsByName(folder);
    return everyRoot.get(top) ?? new Set();
  }

  async function walk(): Promise<void> {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (files.has(file)) continue;
      const { bytes, digest } = input.read(file);
      files.set(file, digest);
      if (!PYTHON_FILE.test(file) && !isStarted.has(file)) continue;
      const said = await importsOf({ file, bytes, digest });
      if (said === null) continue;
      if (said.error !== null && input.isOwn && !isSweeping) {
        const { message, ...where } = said.error;
        problems.push({
          place: { file, ...where },
          message: `syntax error: ${message}`,
          hint: UNRUN,
          isCertain: true,
        });
      }
      if (!isSweeping) open.push(...said.open.map((where) => ({ file, ...where })));
      await follow(file, said);
    }
  }

  /** Only what is sure: nothing was put on sys.path, whoever imports it is run, and Python itself does not find it. */
  async function lackingModules(): Promise<typeof problems> {
    const run = reached([START], needs);
    const names = [...lacking].filter(([, file]) => run.has(file) && file !== START);
    if (input.missing === undefined || names.length === 0 || isPathUnknown || added.size > 0) return [];
    const gone = input.missing(names.map(([name]) => name));
    const { importPlace } = await import('./python-finds.ts');
    return names.flatMap(([name, file]) => {
      if (!gone.has(name)) return [];
      const place = { file, ...importPlace(input.read(file).bytes.toString('utf8'), name) };
      const message = `Python finds no module ${JSON.stringify(name)}, which is imported here`;
      return [{ place, message, hint: `install it for this Python: pip install ${name}`, isCertain: true }];
    });
  }

  const isStarted = new Set(start.files);
  need(START, start.files);
  for (const [n, text] of start.texts.entries()) {
    const bytes = Buffer.from(text);
    const said = await importsOf({ file: path.join(folder, `<${n}>`), bytes, digest: text });
    if (said) {
      await follow(path.join(folder, '-c'), said);
      if (said.open.length > 0) isUnread = true;
    }
  }
  for (const { name, isMain } of start.modules)
    await ask({ from: START, words: name.split('.'), names: [], isMain });
  for (const name of start.maybe) add(search(name.split('.'))?.files ?? []);
  await walk();
  // What may never be run may be of any kind; what it imports is not known then.
  const certain = reached([START], needs);
  for (const one of problems) one.isCertain = certain.has(one.place.file);
  for (const one of await lackingModules()) problems.push(one);
  if (problems.some(({ isCertain }) => !isCertain)) isUnread = true;
  if (!isUnread && open.length === 0) return { files, packages, problems, open, words };
  const swept = await input.sweep({ known: files, open, isOnlyOpen: !isUnread });
  isSweeping = true;
  waiting.push(...swept.files);
  await walk();
  return { files, packages, problems, open: swept.isDeclared ? [] : open, words };
}

/** No file is called so. */
const START = '';

/** Of each name of a module or a folder of modules, the folders that it lies in. */
function rootsByName(folder: string): ReadonlyMap<string, ReadonlySet<string>> {
  const roots = new Map<string, Set<string>>();
  const note = (name: string, root: string): void => {
    const known = roots.get(name);
    if (known) known.add(root);
    else roots.set(name, new Set([root]));
  };
  const folders = new Set<string>();
  for (const file of filesBelow(folder, PYTHON_FILE)) {
    note(path.basename(file).replace(PYTHON_FILE, ''), path.dirname(file));
    for (let at = path.dirname(file); at !== folder && !folders.has(at); at = path.dirname(at)) {
      folders.add(at);
      note(path.basename(at), path.dirname(at));
    }
  }
  return roots;
}
