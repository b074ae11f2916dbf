// At an endpoint, and with what is kept.
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { editFile } from '../rig/files.ts';
import { program, startProgram } from '../rig/program.ts';
import { type Before, type Mistake, manifest, SECRET } from './mistake.ts';

const drawn = async (folder: string): Promise<void> => {
  await program(['run'], { cwd: folder });
};

/** A server that answers every call alike. */
async function answering(status: number, message: string): Promise<Before> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ error: { message, code: status === 404 ? 'model_not_found' : 'invalid_api_key' } }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: { MY_KEY: SECRET, WHERE: `http://127.0.0.1:${port}/v1` },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const ENDPOINT = manifest(
  'providers: { mine: { type: openai, base_url: "${WHERE}", api_key_env: MY_KEY, model: m-7b } }\n',
  '  plain: { provider: mine }\n',
);

export const AT_AN_ENDPOINT: readonly Mistake[] = [
  {
    ...{ name: 'the key is not set', args: ['run'], files: { 'experiment.yaml': ENDPOINT } },
    env: { WHERE: 'http://127.0.0.1:9/v1' },
    ...{ cause: /MY_KEY/, todo: /set MY_KEY|export MY_KEY|doctor/ },
  },
  {
    ...{
      name: 'the model is not known there',
      args: ['run'],
      code: 1,
      files: { 'experiment.yaml': ENDPOINT },
    },
    before: () => answering(404, 'The model `m-7b` does not exist'),
    ...{ cause: /m-7b/, todo: /check the name of the model|run again/ },
  },
  {
    ...{ name: 'the key is refused', args: ['run'], files: { 'experiment.yaml': ENDPOINT } },
    before: () => answering(401, `Incorrect API key provided: ${SECRET}`),
    ...{ cause: /Incorrect API key/, todo: /check MY_KEY/ },
  },
  {
    ...{
      name: 'the server is not started',
      args: ['doctor'],
      code: 1,
      files: { 'experiment.yaml': ENDPOINT },
    },
    env: { WHERE: 'http://127.0.0.1:9/v1', MY_KEY: SECRET },
    ...{ cause: /nothing listens there/, todo: /start the server/ },
    from: { line: /^failed /, lines: 2 },
  },
];

/** A run that goes on until it is let go. */
async function running(folder: string): Promise<Before> {
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text.replace('variants:', 'providers: { sim: { type: sim, sim: { latency_ms: 600000 } } }\nvariants:'),
  );
  const first = startProgram(['run'], { cwd: folder });
  await new Promise<void>((resolve) => {
    first.child.stderr!.on('data', (text: string) => {
      if (text.includes('to run')) resolve();
    });
  });
  return {
    async [Symbol.asyncDispose]() {
      first.child.kill('SIGKILL');
      await first.ended;
    },
  };
}

export const IN_THE_STORE: readonly Mistake[] = [
  {
    ...{ name: 'another run is going on', args: ['run'], before: running },
    ...{ cause: /in use by process/, todo: /Wait for it/ },
  },
  {
    ...{
      name: 'results cannot be written',
      args: ['run'],
      code: 4,
      files: { artifacts: 'This is a file.\n' },
    },
    ...{ cause: /artifacts/, todo: /expgraph fsck/ },
  },
  {
    ...{ name: 'a line of the history was edited', args: ['fsck'] },
    async before(folder) {
      await drawn(folder);
      const history = path.join(folder, 'artifacts/demo/history');
      const file = path.join(history, readdirSync(history)[0]!, 'plain_run1.jsonl');
      writeFileSync(file, readFileSync(file, 'utf8').replace('"completed"', '"compleeted"'));
    },
    ...{ cause: /plain_run1\.jsonl/, todo: /./ },
  },
  {
    ...{ name: 'the history is no text any more', args: ['run'] },
    async before(folder) {
      await drawn(folder);
      const history = path.join(folder, 'artifacts/demo/history');
      appendFileSync(
        path.join(history, readdirSync(history)[0]!, 'plain_run1.jsonl'),
        Buffer.from([0, 1, 2, 10]),
      );
    },
    ...{ cause: /plain_run1\.jsonl/, todo: /./ },
  },
];
