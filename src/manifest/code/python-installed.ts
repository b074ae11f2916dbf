// What is installed for an interpreter: which distribution brings a name, and which folders are linked instead of copied.

import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { sha256Of } from '../../core/canonical.ts';
import { isFolderAt, treeDigest } from './project-files.ts';

export type Distribution = { readonly name: string; readonly version: string };

export type Installed = {
  /** Of an importable name, what brings it; several where a namespace is shared. */
  find(name: string): readonly Distribution[];
  /** Folders that were linked by `pip install -e` and their like: they are searched as the project's own. */
  readonly linkedFolders: readonly string[];
  /** Packages that were linked one by one: name -> folder. */
  readonly linkedPackages: ReadonlyMap<string, string>;
  /** Plugins that pytest loads by itself. */
  pytestPlugins(): readonly { readonly distribution: Distribution; readonly modules: readonly string[] }[];
};

export function readInstalled(sites: readonly string[]): Installed {
  const linkedFolders: string[] = [];
  const linkedPackages = new Map<string, string>();
  const distributions = new Map<string, Info>();
  for (const site of sites) {
    for (const entry of listOf(site)) {
      const file = path.join(site, entry);
      if (entry.endsWith('.pth')) linkedFolders.push(...foldersOf(file, site));
      if (/^__editable__.*\.py$/.test(entry)) readMapping(file, linkedPackages);
      const parts = /^(.+?)-([^-]+?)(?:-py[\d.]+)?\.(?:dist-info|egg-info)$/.exec(entry);
      if (!parts) continue;
      const name = parts[1]!.toLowerCase().replaceAll('_', '-');
      // The first on the path is the one that is imported.
      if (distributions.has(name)) continue;
      distributions.set(name, { name, written: parts[1]!, version: parts[2]!, folder: file });
    }
  }
  let table: Map<string, Info[]> | null = null;
  const find = (name: string): readonly Distribution[] => {
    table ??= tableOf(distributions.values());
    return table.get(name)?.map(distributionOf) ?? byContent(name, sites);
  };
  let plugins: ReturnType<Installed['pytestPlugins']> | null = null;
  return {
    find,
    linkedFolders,
    linkedPackages,
    pytestPlugins: () => {
      plugins ??= [...distributions.values()].flatMap((info) => {
        const modules = pluginsOf(info.folder);
        return modules.length === 0 ? [] : [{ distribution: distributionOf(info), modules }];
      });
      return plugins;
    },
  };
}

type Info = Distribution & {
  /** As its folder is named. */
  readonly written: string;
  readonly folder: string;
};

/** Each is looked into once, however many names it brings. */
const described = new WeakMap<Info, Distribution>();

function distributionOf(info: Info): Distribution {
  let found = described.get(info);
  if (!found) {
    found = { name: info.name, version: `${info.version}${copiedFrom(info.folder)}` };
    described.set(info, found);
  }
  return found;
}

function tableOf(distributions: Iterable<Info>): Map<string, Info[]> {
  const table = new Map<string, Info[]>();
  for (const info of distributions) {
    for (const name of topLevel(info.folder) ?? [info.written.replaceAll('-', '_')]) {
      table.set(name, [...(table.get(name) ?? []), info]);
    }
  }
  return table;
}

/** Put there by hand: it has no version but its content. */
function byContent(name: string, sites: readonly string[]): readonly Distribution[] {
  for (const site of sites) {
    for (const file of [path.join(site, name), path.join(site, `${name}.py`)]) {
      if (existsSync(file)) return [{ name, version: treeDigest(file) }];
    }
  }
  return [];
}

/** Installed from a folder, an archive or a repository, a version says little: the digests of its files are in RECORD. */
function copiedFrom(info: string): string {
  const source = textOf(path.join(info, 'direct_url.json'));
  if (source === null || /"editable":\s*true/.test(source)) return '';
  const record = textOf(path.join(info, 'RECORD')) ?? '';
  return `+${sha256Of([source, record]).slice(0, 16)}`;
}

function foldersOf(pth: string, site: string): readonly string[] {
  const lines = (textOf(pth) ?? '').split(/\r?\n/).map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !line.startsWith('#') && !/^import\s/.test(line))
    .map((line) => path.resolve(site, line))
    .filter((folder) => isFolderAt(folder) && !INSTALLED.test(folder));
}

const INSTALLED = /[\\/](?:site|dist)-packages(?:[\\/]|$)/;

/** setuptools writes `MAPPING: dict[str, str] = {'app': '/home/me/app'}`. */
function readMapping(file: string, found: Map<string, string>): void {
  const written = /^MAPPING\b[^=]*=\s*\{([^}]*)\}/m.exec(textOf(file) ?? '')?.[1] ?? '';
  for (const [, name, folder] of written.matchAll(/['"]([\w.]+)['"]\s*:\s*['"]([^'"]+)['"]/g)) {
    found.set(name!, folder!);
  }
}

function pluginsOf(info: string): readonly string[] {
  const section = /^\[pytest11\]$([^[]*)/m.exec(textOf(path.join(info, 'entry_points.txt')) ?? '')?.[1] ?? '';
  return [...section.matchAll(/=\s*([\w.]+)/g)].map((match) => match[1]!);
}

function topLevel(info: string): readonly string[] | null {
  const listed = textOf(path.join(info, 'top_level.txt'));
  if (listed !== null) return listed.split(/\s+/).filter((name) => name !== '');
  const record = textOf(path.join(info, 'RECORD'));
  if (record === null) return null;
  const names = new Set<string>();
  for (const line of record.split('\n')) {
    const name = /^([A-Za-z_]\w*)(?:\/|\.py,|\.[\w-]+\.so,)/.exec(line)?.[1];
    if (name) names.add(name);
  }
  return [...names];
}

/** Where an interpreter keeps what is installed: beside a virtual environment's, else where it says that it lives. */
export function sitePackagesOf(input: {
  /** Absolute. */
  readonly binary: string;
  /** `sys.prefix`; null = it could not be asked. */
  readonly prefix: string | null;
  readonly home: string | undefined;
}): readonly string[] {
  const { binary, prefix, home } = input;
  const own = path.dirname(path.dirname(binary));
  const settings = textOf(path.join(own, 'pyvenv.cfg'));
  const isAlone = settings !== null && !/^include-system-site-packages\s*=\s*true/im.test(settings);
  const prefixes = isAlone
    ? [own]
    : [
        own,
        prefix,
        realPrefix(binary),
        home === undefined ? null : path.join(home, '.local'),
        '/usr/local',
        '/usr',
      ];
  const sites = [...new Set(prefixes)].flatMap((at) =>
    at === null
      ? []
      : listOf(path.join(at, 'lib'))
          .filter((name) => /^python3(\.\d+)?$/.test(name))
          .flatMap((name) =>
            ['site-packages', 'dist-packages'].map((kind) => path.join(at, 'lib', name, kind)),
          ),
  );
  return sites.filter(isFolderAt);
}

function realPrefix(binary: string): string | null {
  try {
    return path.dirname(path.dirname(realpathSync(binary)));
  } catch {
    return null;
  }
}

function listOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
