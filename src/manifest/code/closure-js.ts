// What TypeScript or JavaScript consists of: every file that it imports, over any number of steps, the packages that it
// names, and what of a package.json decides which file is meant. Nothing is run.

import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../../core/canonical.ts';
import { parseJson } from '../documents/json-document.ts';
import { type Closure, type CodePlace, type ReadCode, reached, type Sweep, UNRUN } from './closure-list.ts';
import { shownFrom } from './code-reads.ts';
import { type JsImports, type JsRequest, jsImports } from './js-imports.ts';
import { makeResolver, type Resolved } from './js-resolve.ts';
import { pathOfUrl } from './js-texts.ts';
import { makePackages } from './packages.ts';
import { filesBelow, isFileAt, isFolderAt } from './project-files.ts';

export type JsStart = {
  /** Absolute, or a name as `--import` takes it. */
  readonly entries: readonly string[];
  /** Of `node -e`. */
  readonly texts: readonly string[];
};

export type JsWorld = {
  /** The manifest's, absolute: programs start there. */
  readonly folder: string;
  readonly read: ReadCode;
  /** Whether Node runs it, without a loader before it. */
  readonly isNode: boolean;
  readonly conditions: readonly string[];
  /** NODE_PATH. */
  readonly more: readonly string[];
  readonly sweep: Sweep;
};

/** Our own package is the engine, whose version is provenance: it is no part of a key. */
const OWN_NAME = 'expgraph';
const PARSED = /\.[cm]?[jt]s$/;
/** Of a file with this ending, the nearest package.json says what it is. */
const BY_TYPE = /\.[jt]sx?$/;
/** Read by what runs TypeScript in its own ways: paths and import maps. */
const SETTINGS = ['tsconfig.json', 'deno.json', 'deno.jsonc', 'import_map.json', 'bunfig.toml'];

export async function jsClosure(start: JsStart, input: JsWorld): Promise<Closure> {
  const { folder, isNode } = input;
  const files = new Map<string, string>();
  const installed = new Map<string, string>();
  const fields = new Map<string, Set<string>>();
  const problems: {
    place: CodePlace;
    message: string;
    hint?: string;
    isCertain: boolean;
    isMissing?: true;
  }[] = [];
  /** Of a file, what it imports before it runs. */
  const needs = new Map<string, string[]>();
  const open: CodePlace[] = [];
  const words: (readonly string[])[] = [];
  const waiting: string[] = [];
  /** What follows was named by nobody: a mistake in it is nobody's. */
  let isSweeping = false;
  let mustSweep = false;
  /** Something could not be read at all: no declaration makes up for that. */
  let isUnread = false;
  const unread = (): void => {
    isUnread = true;
    mustSweep = true;
  };
  const packages = makePackages({ read: input.read, more: input.more });
  const used = (file: string, field: string): void => {
    fields.set(file, (fields.get(file) ?? new Set()).add(field));
  };
  const resolve = makeResolver({ packages, conditions: input.conditions, isNode, used });

  const add = (found: readonly string[]): void => {
    waiting.push(...found);
  };

  function follow(file: string, context: { text: string; said: JsImports }): void {
    const { text, said } = context;
    const placed = (offset: number): CodePlace => ({ file, ...placeIn(text, offset) });
    if (said.error !== null) {
      if (!isSweeping && isNode)
        problems.push({
          place: placed(said.error.offset),
          message: `syntax error: ${said.error.message}`,
          hint: UNRUN,
          isCertain: true,
        });
      else unread();
    }
    for (const request of said.requests) {
      if (request.kind === 'file' || request.kind === 'program') add(lying(request, file));
      else take(resolve(request.specifier, { from: file, isRequire: request.kind === 'require' }));
      function take(found: Resolved): void {
        if (found.kind === 'file') {
          add([found.file]);
          if (request.kind === 'import') imported(found.file, file);
        } else if (found.kind === 'package') name(found.found);
        else if (found.kind === 'missing') miss(found.name, request, () => placed(request.offset));
      }
    }
    for (const prefix of said.prefixes) {
      const below = prefix.startsWith('file:') ? pathOfUrl(prefix) : path.resolve(path.dirname(file), prefix);
      if (below !== null && isFolderAt(below)) add(filesBelow(below, /(?<!\.d)\.(?:[cm]?[jt]sx?|json)$/));
    }
    if (said.open.length > 0 && !isSweeping) {
      mustSweep = true;
      open.push(...said.open.map(placed));
    }
    words.push(...said.words);
  }

  function name(found: NonNullable<ReturnType<typeof packages.find>>): void {
    if (found.name === OWN_NAME) return;
    installed.set(found.name, found.version);
    add(found.patches);
  }

  function miss(specifier: string, request: JsRequest, placed: () => CodePlace): void {
    const isPath = /^(?:\.|\/|file:)/.test(specifier);
    if (request.kind === 'import' && isNode && !isSweeping && (isPath || mayBeMissed(specifier))) {
      const what = isPath ? '' : specifier.startsWith('node:') ? 'module of Node ' : 'package ';
      const message = `there is no ${what}${JSON.stringify(specifier)}, which is imported here`;
      const hint =
        what === 'package ' ? `install it in this project: npm install ${packageOf(specifier)}` : null;
      const more = isPath ? {} : { isMissing: true as const, ...(hint === null ? {} : { hint }) };
      problems.push({ place: placed(), message, ...more, isCertain: true });
    }
    // Resolved by settings of its own, which are not read: whatever it is lies here, or is written there.
    if (!isNode && request.kind !== 'require') unread();
    if (!isPath) add([path.join(folder, PLUG_AND_PLAY)].filter(isFileAt));
  }

  /** Names of packages that only their own resolver finds are not looked for: Yarn without node_modules, NODE_OPTIONS. */
  function mayBeMissed(specifier: string): boolean {
    return packageOf(specifier) !== OWN_NAME && !isFileAt(path.join(folder, PLUG_AND_PLAY));
  }

  /** What a module of JSON holds is read when it is imported. */
  function imported(file: string, from: string): void {
    needs.set(from, [...(needs.get(from) ?? []), file]);
    if (!file.endsWith('.json') || isSweeping || !isNode) return;
    const text = input.read(file).bytes.toString('utf8');
    const parsed = parseJson({ file, text });
    if (parsed.kind === 'ok') return;
    const { message, offset } = parsed.error;
    problems.push({
      place: { file, ...placeIn(text, offset) },
      message: `syntax error: ${message}`,
      hint: UNRUN,
      isCertain: true,
    });
  }

  /** A file by its URL or path; a program's path is relative to where it starts. */
  function lying({ specifier, kind }: JsRequest, from: string): readonly string[] {
    const named = specifier.startsWith('file:') ? pathOfUrl(specifier.replace(/[?#].*$/, '')) : specifier;
    if (named === null) return [];
    const bases = kind === 'program' ? [folder, path.dirname(from)] : [folder];
    const found = bases.map((base) => path.resolve(base, named)).filter(isFileAt);
    return found.map((file) => realpathSync(file));
  }

  function walk(): void {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (files.has(file)) continue;
      const { bytes, digest } = input.read(file);
      files.set(file, digest);
      if (BY_TYPE.test(file)) {
        const scope = packages.nearest(path.dirname(file));
        if (scope) used(scope.file, 'type');
      }
      if (!isNode) settingsOf(file);
      if (/\.[jt]sx$/.test(file)) unread();
      if (!PARSED.test(file) && !started.has(file)) continue;
      const text = bytes.toString('utf8');
      const said = jsImports({ file, folder, text, isStrict: isNode });
      follow(file, { text, said });
    }
  }

  function settingsOf(file: string): void {
    for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
      const found = SETTINGS.map((name) => path.join(folder, name)).filter(isFileAt);
      add(found);
      if (found.length > 0 || existsSync(path.join(folder, '.git')) || folder === path.dirname(folder))
        return;
    }
  }

  const started = new Set<string>();
  const base = path.join(folder, '[start]');
  for (const entry of start.entries) {
    const found = resolve(entry, { from: base, isRequire: true });
    if (found.kind === 'package') name(found.found);
    if (found.kind !== 'file') continue;
    started.add(found.file);
    add([found.file]);
  }
  for (const text of start.texts) {
    const said = jsImports({ file: base, folder, text, isStrict: isNode });
    isSweeping = true;
    follow(base, { text, said });
    isSweeping = false;
    if (said.open.length > 0 || said.error !== null) unread();
  }
  walk();
  const run = reached([...started], needs);
  // What an optional part of it lacks, nobody may ever miss.
  const certain = problems.filter(({ place, isMissing }) => !isMissing || run.has(place.file));
  let isDeclared = false;
  if (mustSweep) {
    const swept = await input.sweep({ known: files, open, isOnlyOpen: !isUnread });
    isDeclared = swept.isDeclared;
    isSweeping = true;
    waiting.push(...swept.files);
    walk();
  }
  return { files, packages: withFields(), problems: certain, open: isDeclared ? [] : open, words };

  function withFields(): ReadonlyMap<string, string> {
    const all = new Map(installed);
    for (const [file, names] of fields) {
      const json = packages.json(file) ?? {};
      const decided = Object.fromEntries(
        [...names].sort().flatMap((name) => (json[name] === undefined ? [] : [[name, json[name]]])),
      );
      if (Object.keys(decided).length === 0) continue;
      const shown = shownFrom(folder, file);
      // Order counts here: the first condition that holds is taken.
      all.set(shown, sha256(JSON.stringify(decided)).slice(0, 32));
    }
    return all;
  }
}

/** Yarn without node_modules: what a name stands for is in these. */
const PLUG_AND_PLAY = '.pnp.cjs';

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function placeIn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
