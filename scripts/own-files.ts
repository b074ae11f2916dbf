// `new URL('./thread.ts', import.meta.url)` in the sources names a file of our own: one that is started as a thread or a
// process, or data beside src/. In the bundle the first is an entry and the second lies where it lay.
import path from 'node:path';
import type { Plugin } from 'rolldown';

/** Every file of dist/ is `dist/<folder>/<file>`, so that the way from any of them to the package's root is one way. */
const TO_ROOT = '../../';
const OWN_FILE =
  /new URL\(\s*(['"`])(\.{1,2}\/[^'"`$]*)((?:\$\{[^}]*\}[^'"`]*)?)\1,\s*import\.meta\.url,?\s*\)/g;

/** `src/worker/thread.ts` -> `worker/thread`: under which name dist/ has a file that is started. */
export function startedName(root: string, file: string): string {
  const [, room] = path.relative(root, file).split(path.sep);
  return `${room}/${path.basename(file, '.ts')}`;
}

/**
 * Each file that is started becomes an entry.
 * @param started is filled: the name in dist/ -> the source
 * @throws Error where two of them would have one name
 */
export function ownFiles(root: string, started: Map<string, string>): Plugin {
  return {
    name: 'own-files',
    transform(code, id) {
      if (!id.startsWith(path.join(root, 'src') + path.sep) || !code.includes('import.meta.url')) return null;
      const start = (file: string): string => {
        const name = startedName(root, file);
        const before = started.get(name);
        if (before === undefined) this.emitFile({ type: 'chunk', id: file, fileName: `${name}.js` });
        else if (before !== file) throw new Error(`${before} and ${file} would both be dist/${name}.js`);
        started.set(name, file);
        return `../${name}.js`;
      };
      return code.replace(OWN_FILE, (_, quote: string, relative: string, rest: string) => {
        const file = path.resolve(path.dirname(id), relative);
        const within = path.relative(root, file).replaceAll('\\', '/');
        const isFolder = relative.endsWith('/') && within !== '';
        const to =
          file.endsWith('.ts') && rest === '' ? start(file) : `${TO_ROOT}${within}${isFolder ? '/' : ''}`;
        return `new URL(${quote}${to}${rest}${quote}, import.meta.url)`;
      });
    },
  };
}
