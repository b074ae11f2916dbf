// Which files of this program and which packages are loaded, and for whom: told while somebody listens.
import { registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Debug } from '../../core/debug.ts';

/** Tells of each room when the first of its files is loaded, and by which file. Of packages their names. */
export function tellLoads(debug: Debug): Disposable {
  const known = new Set<string>();
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const room = roomOf(resolved.url);
      if (room !== null && !known.has(room)) {
        known.add(room);
        debug('load', () => `${room} · for ${fileOf(context.parentURL)}`);
      }
      return resolved;
    },
  });
  return { [Symbol.dispose]: () => hooks.deregister() };
}

/** Where this program's own code lies: src/ as it is written, dist/ as it is built. */
const CODE = path.join(import.meta.dirname, '../..');

/** @returns `run/`, `package openai`; null = a part of Node. */
function roomOf(url: string): string | null {
  if (!url.startsWith('file:')) return null;
  const file = fileURLToPath(url);
  const inPackage = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file);
  if (inPackage) return `package ${inPackage[1]!.replaceAll('\\', '/')}`;
  const inside = path.relative(CODE, file).split(path.sep);
  if (inside[0] === '..') return `file ${file}`;
  return inside.length === 1 ? inside[0]! : `${inside.slice(0, -1).join('/')}/`;
}

function fileOf(url: string | undefined): string {
  if (!url?.startsWith('file:')) return 'the start';
  const file = fileURLToPath(url);
  const inside = path.relative(CODE, file);
  return inside.startsWith('..') ? path.basename(file) : inside.replaceAll('\\', '/');
}
