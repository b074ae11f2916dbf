// A Redis (or Valkey) of a test's own, as Debian packages it: on a free port, with data in a folder of its own. It is stopped,
// killed, frozen, started again on the same data, emptied. `.ci/run` installs redis-server, and a test that lacks it fails there.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { ask, type RedisAddress, type Reply } from './redis-wire.ts';

export { RedisRefusal, type Reply } from './redis-wire.ts';

/** Programs that are here: Redis first, then Valkey and the oldest Redis that a queue takes, where there is one. */
export const REDIS_PROGRAMS: readonly string[] = found();

/** Behind the name of a test that is left out. */
export const WITH_REDIS = REDIS_PROGRAMS.length === 0 ? ' (left out: there is no redis-server here)' : '';
export const NO_REDIS = REDIS_PROGRAMS.length === 0;

export type RedisOptions = {
  /** One of REDIS_PROGRAMS. Default: the first. */
  readonly program?: string;
  /** Each write is on the disk before it is answered (`appendfsync always`). Default: true. */
  readonly appendOnly?: boolean;
  /** Such as `10mb`. Default: no limit. */
  readonly maxMemory?: string;
  /** Default: noeviction. */
  readonly policy?: string;
  /** Of the user `default`. */
  readonly password?: string;
  /** Lines of an ACL, such as `worker on >secret ~expgraph:* &* +@all -@dangerous`. */
  readonly users?: readonly string[];
  /** Encrypted only, with a certificate of its own. */
  readonly tls?: boolean;
  /** One node that has all slots of a cluster. */
  readonly cluster?: boolean;
  /** Further lines of redis.conf. */
  readonly settings?: readonly string[];
};

export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** Of the user `default`, password included. */
  readonly url: string;
  /** The same for another user, or with another password. */
  urlFor(user: string, password: string): string;
  /** File of the certificate to trust; null = not encrypted. */
  readonly ca: string | null;
  readonly pid: number;
  /** One command as the user `default`. @throws RedisRefusal */
  ask(...words: readonly (string | number)[]): Promise<Reply>;
  flushAll(): Promise<void>;
  /** As `systemctl stop` does: what is to be on the disk is. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** On the port and the data of before. */
  start(): Promise<void>;
  /** Connections stay, nothing is answered: what a partition looks like from both sides. */
  freeze(): void;
  thaw(): void;
}

/** Ends with the test. Outside of a test use `openRedis`. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const server = await openRedis(options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

export async function openRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const program = options.program ?? REDIS_PROGRAMS[0];
  if (program === undefined) throw new Error('there is no redis-server here');
  const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-redis-'));
  const port = await freePort(options.cluster === true ? MOST_CLUSTER_PORT : 65_535);
  const ca = options.tls === true ? makeCertificate(folder) : null;
  const file = path.join(folder, 'redis.conf');
  writeFileSync(file, `${settings({ options, port, folder }).join('\n')}\n`);
  const address: RedisAddress = { port, user: null, password: options.password ?? null, ca };
  const url = (user: string, password: string): string => {
    const who = password === '' ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
    return `redis${ca === null ? '' : 's'}://${who}127.0.0.1:${port}`;
  };

  let child: ChildProcess | null = await launched(program, file);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = null;
    if (ending === null) return;
    const gone = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill('SIGCONT');
    ending.kill(signal);
    await gone;
  };
  const server: RedisServer = {
    port,
    url: url('', options.password ?? ''),
    urlFor: url,
    ca,
    get pid() {
      return child!.pid!;
    },
    ask: (...words) => ask(address, words),
    flushAll: async () => void (await ask(address, ['FLUSHALL'])),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    start: async () => {
      child ??= await launched(program, file);
    },
    freeze: () => void child!.kill('SIGSTOP'),
    thaw: () => void child!.kill('SIGCONT'),
    [Symbol.asyncDispose]: async () => {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  if (options.cluster === true) await takeAllSlots(server);
  return server;
}

function settings(of: {
  readonly options: RedisOptions;
  readonly port: number;
  readonly folder: string;
}): readonly string[] {
  const { options, port, folder } = of;
  const tls = options.tls === true;
  return [
    'bind 127.0.0.1',
    `port ${tls ? 0 : port}`,
    `dir "${folder}"`,
    'daemonize no',
    'save ""',
    `appendonly ${options.appendOnly === false ? 'no' : 'yes'}`,
    'appendfsync always',
    `maxmemory-policy ${options.policy ?? 'noeviction'}`,
    ...(options.maxMemory === undefined ? [] : [`maxmemory ${options.maxMemory}`]),
    ...(options.password === undefined ? [] : [`requirepass ${options.password}`]),
    ...(options.users ?? []).map((line) => `user ${line}`),
    ...(tls
      ? [
          `tls-port ${port}`,
          `tls-cert-file "${folder}/cert.pem"`,
          `tls-key-file "${folder}/key.pem"`,
          `tls-ca-cert-file "${folder}/cert.pem"`,
          'tls-auth-clients no',
        ]
      : []),
    ...(options.cluster === true ? ['cluster-enabled yes', 'cluster-config-file nodes.conf'] : []),
    ...(options.settings ?? []),
  ];
}

/** Nodes of a cluster talk to each other at their port and 10,000. */
const MOST_CLUSTER_PORT = 55_535;

async function takeAllSlots(server: RedisServer): Promise<void> {
  await server.ask('CLUSTER', 'ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => slot));
  while (!String(await server.ask('CLUSTER', 'INFO')).includes('cluster_state:ok'))
    await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Running and taking connections, data loaded. @throws when it ends before, with what it printed */
async function launched(program: string, file: string): Promise<ChildProcess> {
  const child = spawn(program, [file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const hear = (part: Buffer): void => {
      said += part.toString();
      if (said.includes('Ready to accept connections')) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}: ${said}`)));
  });
  return child;
}

function makeCertificate(folder: string): string {
  const file = path.join(folder, 'cert.pem');
  const words =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 -addext';
  execFileSync(
    'openssl',
    [
      ...words.split(' '),
      'subjectAltName=IP:127.0.0.1,DNS:localhost',
      '-keyout',
      path.join(folder, 'key.pem'),
      '-out',
      file,
    ],
    { stdio: 'pipe' },
  );
  return file;
}

async function freePort(most: number): Promise<number> {
  for (;;) {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    if (port <= most) return port;
  }
}

/** `Valkey 9.1.2`. */
export function nameOf(program: string): string {
  const said = execFileSync(program, ['--version'], { encoding: 'utf8' });
  const [, name, version] = /^(\w+) server v=(\S+)/.exec(said)!;
  return `${name} ${version}`;
}

/** `.ci/run` brings those that Debian lacks, and names them. */
function found(): readonly string[] {
  const { EXPGRAPH_VALKEY, EXPGRAPH_REDIS_OLD, CI } = process.env;
  const there = ['redis-server', EXPGRAPH_VALKEY || 'valkey-server', EXPGRAPH_REDIS_OLD ?? ''].filter(runs);
  if (there.length === 0 && CI === 'true') throw new Error('CI has no redis-server: .ci/run installs it');
  return there;
}

function runs(program: string): boolean {
  if (program === '') return false;
  try {
    execFileSync(program, ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
