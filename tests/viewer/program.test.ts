// expgraph view as it is started: what it prints, how long it stays, and that it follows a run of another process.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cli, ranSample, sample } from '../rig/cli.ts';
import { editFile, filesBelow } from '../rig/files.ts';
import { program, type Started } from '../rig/program.ts';
import { declareReview, openDeck } from '../rig/reviewed.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

type Served = { readonly url: string; readonly port: number; readonly pid: number };

/** The first thing that it prints. */
async function firstLine({ child }: Started): Promise<string> {
  let text = '';
  while (!text.includes('\n')) text += (await once(child.stdout!, 'data'))[0];
  return text.slice(0, text.indexOf('\n'));
}

async function startView(
  folder: string,
  ...args: readonly string[]
): Promise<Served & { readonly started: Started; ask(path: string): Promise<Response> }> {
  const started = startCli(['view', '--json', ...args], { cwd: folder });
  const served = JSON.parse(await firstLine(started)) as Served;
  const { origin, hash } = new URL(served.url);
  const headers = { authorization: `Bearer ${hash.replace('#token=', '')}` };
  return { ...served, started, ask: (path) => fetch(`${origin}${path}`, { headers }) };
}

async function countsOf(view: { ask(path: string): Promise<Response> }): Promise<unknown> {
  const { value } = (await (await view.ask('/api/matrix')).json()) as { value: { counts: unknown } };
  return value.counts;
}

describe('expgraph view', () => {
  it('prints its address once and nothing else to stdout, and leaves in peace at the first Ctrl-C', async () => {
    const folder = tempFolder();
    await ranSample(folder);
    const started = startCli(['view'], { cwd: folder });
    const address = await firstLine(started);
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
    started.child.kill('SIGINT');
    const { code, stdout, stderr } = await started.ended;
    expect([code, stdout]).toEqual([0, `${address}\n`]);
    expect(stderr).toBe(
      'The experiment as it is now, and as it changes; nothing can be started or changed from there. Ctrl-C ends it.\n',
    );
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('is ended by %s as well, whoever still listens', async (signal) => {
    const folder = tempFolder();
    await ranSample(folder);
    const view = await startView(folder);
    expect(Object.keys(view).slice(0, 3)).toEqual(['url', 'port', 'pid']);
    expect(view.pid).toBe(view.started.child.pid);
    const changes = await view.ask('/api/changes');
    view.started.child.kill(signal);
    expect((await view.started.ended).code).toBe(0);
    await changes.text().catch(() => {});
  });

  it('shows what its filters mean', async () => {
    const folder = tempFolder();
    await ranSample(folder);
    const view = await startView(folder, '--variant', 'applike', '--category', 'sanity', '--runs', '1');
    const { value } = (await (await view.ask('/api/matrix')).json()) as {
      value: { columns: unknown; all: number };
    };
    expect(value.columns).toEqual([{ variant: 'applike', runs: [1] }]);
    expect(value.all).toBeLessThan(20);
  });

  it('writes nothing and takes no lock: a run of another process goes on beside it, and is followed', async () => {
    const folder = tempFolder();
    await sample(folder);
    const before = filesBelow(folder);
    const view = await startView(folder);
    expect(await countsOf(view)).toMatchObject({ missing: 120, passed: 0 });
    expect(filesBelow(folder)).toEqual(before);
    const changes = (await view.ask('/api/changes')).body!.pipeThrough(new TextDecoderStream());
    const told = changes[Symbol.asyncIterator]();
    const { value: first } = await told.next();
    expect((await program(['run'], { cwd: folder })).code).toBe(0);
    const { value: next } = await told.next();
    expect(next!.split('\n')[0]).toMatch(/^\{"revision":"[^"]+"\}$/);
    expect(next).not.toBe(first);
    await expect.poll(() => countsOf(view), { timeout: 60_000 }).toMatchObject({ missing: 0, stale: 0 });
    editFile(`${folder}/scenarios/ambiguous.yaml`, (text) => text.replace('7 on Wednesday', '7 on Monday'));
    await expect.poll(() => countsOf(view), { timeout: 60_000 }).toMatchObject({ stale: 6 });
    expect((await program(['fsck'], { cwd: folder })).code).toBe(0);
  });

  it('stays while the manifest is being mended, and says so', async () => {
    const folder = tempFolder();
    await ranSample(folder);
    const manifest = `${folder}/experiment.yaml`;
    editFile(manifest, (text) => text.replace('runs: 3', 'runs: three'));
    const view = await startView(folder);
    const broken = (await (await view.ask('/api/experiment')).json()) as { refusal: { message: string } };
    expect(broken.refusal.message).toContain('"runs" must be a whole number');
    editFile(manifest, (text) => text.replace('runs: three', 'runs: 3'));
    await expect.poll(async () => (await view.ask('/api/experiment')).status, { timeout: 60_000 }).toBe(200);
    view.started.child.kill('SIGINT');
    const { code, stderr } = await view.started.ended;
    expect(code).toBe(0);
    expect(stderr).toContain('"runs" must be a whole number');
    expect(stderr).toContain(
      'expgraph: the page shows what is wrong until it is mended, and then the experiment',
    );
  });

  it('shows nothing by arm while a blind review is open, says so, and notes who wants to see it all the same', async () => {
    const folder = tempFolder();
    await ranSample(folder);
    declareReview(folder);
    const begun = await cli(['review', 'start', '--id', 'blind'], { cwd: folder });
    expect(begun.code, begun.stderr).toBe(0);
    const view = await startView(folder);
    const screens = [
      'matrix',
      'scenario?scenario=sanity:list-week',
      'cell',
      'invocations',
      'plan',
      'compare',
    ];
    for (const screen of screens) {
      const answer = await view.ask(`/api/${screen}`);
      const said = await answer.text();
      expect([screen, answer.status, said]).toEqual([screen, 423, expect.stringContaining('blind review')]);
      expect(said).not.toMatch(/applike|baseline/);
    }
    view.started.child.kill('SIGINT');
    expect((await view.started.ended).stderr).toBe(
      'expgraph: blind review blind is open: the page shows nothing by arm until it is closed; `npx expgraph review open` shows its cards\n',
    );
    const protocol = () => openDeck(folder, 'blind').protocol().breaches;
    expect(protocol()).toEqual([]);
    const unblinded = await startView(folder, '--unblind');
    expect(await countsOf(unblinded)).toMatchObject({ missing: 0 });
    expect(protocol()).toMatchObject([
      { kind: 'unblind', what: expect.stringContaining('view --json --unblind') },
    ]);
  });

  it('refuses what it cannot do in a sentence, with exit 2', async () => {
    const folder = tempFolder();
    await sample(folder);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      other.close();
    });
    const { port } = other.address() as AddressInfo;
    const taken = await cli(['view', '--port', `${port}`], { cwd: folder });
    expect([taken.code, taken.stdout, taken.stderr]).toEqual([
      2,
      '',
      `expgraph: port ${port} is in use, perhaps by another expgraph view: name another one with --port, or leave it out for a free one\n`,
    ]);
    const odd = await cli(['view', '--port', '70000'], { cwd: folder });
    expect([odd.code, odd.stderr]).toEqual([
      2,
      'expgraph: --port "70000": a whole number from 0 to 65535 is needed\n',
    ]);
    const none = await cli(['view'], { cwd: tempFolder() });
    expect([none.code, none.stdout]).toEqual([2, '']);
    expect((await cli(['view', '--variant', 'nobody'], { cwd: folder })).stderr).toContain(
      'there are baseline, applike',
    );
  });
});
