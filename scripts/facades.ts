// A module that is imported later, and lies in one file with others, is given a file of its own by the bundler, which only hands
// on what is there. Each costs a start as much as any other file: whoever imports it takes it from where it is.
import type { Plugin } from 'rolldown';

const FACADE = /^import \{ ([^}]*) \} from "\.\/([^"]+)";\s*export \{ ([^}]*) \};\s*$/;
const IMPORTED_LATER = /\bimport\("((?:\.\.?\/)+(?:chunks\/)?)([^"/]+)"\)/g;

type Facade = { readonly file: string; readonly members: string };

export function withoutFacades(): Plugin {
  return {
    name: 'without-facades',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
      const facades = new Map<string, Facade>();
      const needed = new Set(chunks.flatMap(({ imports }) => imports));
      for (const { fileName, code, isEntry } of chunks) {
        const facade = isEntry || needed.has(fileName) ? null : facadeOf(code);
        if (facade !== null) facades.set(fileName.replace(/^chunks\//, ''), facade);
      }
      for (const chunk of chunks) {
        chunk.code = chunk.code.replace(IMPORTED_LATER, (whole, folder: string, name: string) => {
          const facade = facades.get(name);
          return facade ? `import("${folder}${facade.file}").then((its) => (${facade.members}))` : whole;
        });
      }
      for (const name of facades.keys()) delete bundle[`chunks/${name}`];
    },
  };
}

/** null: it has something of its own. */
function facadeOf(code: string): Facade | null {
  const [, imported, file, exported] = FACADE.exec(code) ?? [];
  if (imported === undefined || file === undefined || exported === undefined) return null;
  const there = new Map(imported.split(', ').map((one) => pairOf(one).toReversed() as [string, string]));
  const members = exported.split(', ').map((one) => {
    const [local, name] = pairOf(one);
    return `${name}: its.${there.get(local)}`;
  });
  return { file, members: `{ ${members.join(', ')} }` };
}

/** `a as b` -> a, b; `a` -> a, a */
function pairOf(named: string): [string, string] {
  const [from = '', to = from] = named.split(' as ');
  return [from, to];
}
