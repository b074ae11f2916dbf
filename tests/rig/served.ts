// `expgraph view` in a process of its own, for a file of browser tests that visit one experiment: whoever starts it ends it.
import { once } from 'node:events';
import { startProgram } from './program.ts';

export type ServedView = AsyncDisposable & {
  /** Behind the # stands the token. */
  readonly url: string;
  /** The address of a screen, with the token: a new context has no other one. @param path `/scenario?scenario=...` */
  at(path: string): string;
};

export async function serveView(folder: string, ...args: readonly string[]): Promise<ServedView> {
  const { child, ended } = startProgram(['view', '--json', '--no-open', ...args], { cwd: folder });
  let text = '';
  while (!text.includes('\n')) text += (await once(child.stdout!, 'data'))[0];
  const { url } = JSON.parse(text.slice(0, text.indexOf('\n'))) as { url: string };
  const { origin, hash } = new URL(url);
  return {
    url,
    at: (path) => `${origin}${path}${hash}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
