// A page of an experiment, served until Ctrl-C: its address is printed once, and a browser opened where there is one.
import { jsonLine } from '../../core/text.ts';
import { CommandError } from '../../project/open/command-error.ts';
import type { SaveVerdict, Viewed } from '../../viewer/serve.ts';
import type { Io } from '../io.ts';

export type PageToServe = {
  readonly view: Viewed;
  /** 0 = a free one. */
  readonly port: number;
  /** What is shown first: `/`, `/review`, `/matrix?tag=x`. */
  readonly at: string;
  /** What is said below the address, to a person. */
  readonly about: string;
  readonly open: boolean;
  readonly json: boolean;
  readonly saveVerdict: SaveVerdict | null;
};

/** Resolves when whoever looks on leaves. @throws CommandError where it cannot be served */
export async function servePage(io: Io, page: PageToServe): Promise<void> {
  const { serveViewer } = await import('../../viewer/serve.ts');
  const started = await serveViewer(page);
  if (started.kind === 'err') throw new CommandError(started.error);
  await using serving = started.value;
  // Nothing is under way that would have to come to an end: the first Ctrl-C is the last one.
  using interrupts = io.interrupts.listen(() => {});
  const address = serving.address(page.at);
  if (page.json) io.out.write(jsonLine({ url: address, port: serving.port, pid: process.pid }));
  else {
    io.out.write(`${address}\n`);
    io.err.write(`${page.about} Ctrl-C ends it.\n`);
  }
  if (page.open && !page.json && (io.out.isTty || io.err.isTty)) {
    const { openBrowser } = await import('./open-browser.ts');
    const told = (why: string): void => {
      io.notify({ kind: 'note', text: `no browser was opened (${why}): open the address above yourself` });
    };
    openBrowser(io.env, { address: serving.addressOnce(page.at), told });
  }
  const { stop } = interrupts;
  if (stop.aborted) return;
  await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
}
