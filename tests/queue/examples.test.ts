// examples/queue: what is written for Compose, Kubernetes and Slurm fits together and fits the program, and the same processes,
// started by hand, do the work.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { checkRedis } from '../../src/queue/redis-checks.ts';
import { readRedisFacts } from '../../src/queue/redis-facts.ts';
import { readRedisUrl } from '../../src/queue/redis-url.ts';
import { cli } from '../rig/cli.ts';
import { editFile, ROOT } from '../rig/files.ts';
import { startModelServer } from '../rig/model-server.ts';
import { NO_REDIS, nameOf, REDIS_PROGRAMS, startRedis, WITH_REDIS } from '../rig/redis.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

const FOLDER = path.join(ROOT, 'examples/queue');
const read = (name: string): string => readFileSync(path.join(FOLDER, name), 'utf8');

type Env = { readonly [name: string]: string };
type Service = {
  readonly command: readonly string[];
  readonly environment: Env;
  readonly volumes?: readonly string[];
  readonly depends_on?: { readonly [name: string]: unknown };
  readonly deploy?: { readonly replicas: number };
};
type Compose = { readonly services: { readonly [name: string]: Service }; readonly volumes: object };

const compose = parse(read('compose.yaml'), { merge: true }) as Compose;
const objects = parseAllDocuments(read('kubernetes.yaml')).map((one) => {
  expect(one.errors).toEqual([]);
  return one.toJS();
});
const object = (kind: string, name: string) => {
  const found = objects.filter((one) => one.kind === kind && one.metadata.name === name);
  expect(found, `${kind} ${name}`).toHaveLength(1);
  return found[0];
};
const containerOf = (kind: string, name: string) => object(kind, name).spec.template.spec.containers[0];

/** By what runs it: the words behind `expgraph`. */
const COMMANDS: { readonly [where: string]: readonly string[] } = {
  'compose coordinator': compose.services.coordinator!.command,
  'compose worker': compose.services.worker!.command,
  'kubernetes coordinator': containerOf('Job', 'coordinator').args,
  'kubernetes worker': containerOf('Deployment', 'worker').args,
  'slurm 0': slurm(0),
  'slurm 1': slurm(1),
  'slurm 4': slurm(4),
};

/** What the script hands to the program, with one that stands in for it. */
function slurm(element: number): readonly string[] {
  // No test has begun yet that could own a folder.
  const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-slurm-'));
  try {
    const stand = path.join(folder, 'node_modules/.bin/expgraph');
    mkdirSync(path.dirname(stand), { recursive: true });
    writeFileSync(stand, '#!/bin/bash\nprintf "%s\\n" "$EXPGRAPH_REDIS_URL" "$@"\n', { mode: 0o755 });
    const { stdout, stderr } = spawnSync('bash', [path.join(FOLDER, 'workers.sbatch')], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, SLURM_ARRAY_TASK_ID: String(element), EXPGRAPH_REDIS_URL: 'redis://q' },
    });
    const [url, ...words] = stdout.trim().split('\n');
    if (url !== 'redis://q') throw new Error(stderr);
    return words;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** null = it has no such command. */
async function helpOf(command: string): Promise<string | null> {
  const { code, stdout } = await cli([command, '--help'], { cwd: FOLDER });
  return code === 0 && stdout.startsWith(`Usage: expgraph ${command}`) ? stdout : null;
}
const workerHelp = await helpOf('worker');
const NO_WORKER = workerHelp === null;
const WITH_WORKER = NO_WORKER ? ' (left out: this expgraph has no command worker)' : '';

describe('the commands of examples/queue', () => {
  it.skipIf(NO_WORKER).each(Object.entries(COMMANDS))(
    `%s are the program's${WITH_WORKER}`,
    async (_, words) => {
      const help = await helpOf(words[0]!);
      for (const option of words.filter((word) => word.startsWith('--'))) {
        expect(help).toMatch(new RegExp(`^ +(-\\w, )?${option}\\b`, 'm'));
      }
    },
  );

  it('are one coordinator and workers everywhere', () => {
    for (const [where, words] of Object.entries(COMMANDS)) {
      const coordinates = /coordinator|slurm 0/.test(where);
      expect(words.slice(0, 3), where).toEqual(
        coordinates ? ['run', '--executor', 'queue'] : ['worker', '--concurrency', '64'],
      );
    }
    expect(compose.services.worker!.deploy!.replicas).toBe(4);
    expect(object('Deployment', 'worker').spec.replicas).toBe(4);
    expect(read('workers.sbatch')).toMatch(/^#SBATCH --array=0-4$/m);
  });

  it.skipIf(NO_WORKER)(`find the queue by a variable that the program reads${WITH_WORKER}`, () => {
    expect(workerHelp).toContain('EXPGRAPH_REDIS_URL');
    const urls = [
      compose.services.coordinator!.environment.EXPGRAPH_REDIS_URL!,
      compose.services.worker!.environment.EXPGRAPH_REDIS_URL!,
      ...[containerOf('Job', 'coordinator'), containerOf('Deployment', 'worker')].map(
        ({ env }) => env.find(({ name }: Env) => name === 'EXPGRAPH_REDIS_URL').value as string,
      ),
    ];
    for (const url of urls) {
      const filled = url.replace(/\$[({]QUEUE_PASSWORD[^)}]*[)}]/, '0123abcd');
      expect(readRedisUrl(filled), url).toMatchObject({
        kind: 'ok',
        value: { at: { host: 'queue', port: 6379 }, password: '0123abcd' },
      });
    }
  });
});

describe('the parts', () => {
  it('of Compose name each other', () => {
    const { services, volumes } = compose;
    expect(Object.keys(services).sort()).toEqual(['coordinator', 'queue', 'worker']);
    const mounts = Object.values(services).flatMap((one) => one.volumes ?? []);
    expect(mounts.map((mount) => mount.split(':')[0]).sort()).toEqual(Object.keys(volumes).sort());
    expect(services.coordinator!.volumes).toEqual(['store:/experiment/artifacts']);
    for (const name of ['coordinator', 'worker']) expect(services[name]!.depends_on).toHaveProperty('queue');
    // Keys are for those who call.
    expect(services.coordinator!.environment).not.toHaveProperty('OPENAI_API_KEY');
    expect(services.worker!.environment).toHaveProperty('OPENAI_API_KEY');
  });

  it('of Kubernetes name each other', () => {
    for (const one of objects) expect([one.apiVersion, one.kind, one.metadata.name]).not.toContain(undefined);
    const labelled = objects.filter((one) => one.spec.selector?.matchLabels);
    expect(labelled.length).toBe(2);
    for (const { spec } of labelled)
      expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
    const service = object('Service', 'queue');
    const queue = object('StatefulSet', 'queue').spec;
    expect(queue.template.metadata.labels).toMatchObject(service.spec.selector);
    expect(queue.serviceName).toBe('queue');
    expect(queue.template.spec.containers[0].ports[0].containerPort).toBe(service.spec.ports[0].port);
    const [claim] = object('Job', 'coordinator').spec.template.spec.volumes;
    object('PersistentVolumeClaim', claim.persistentVolumeClaim.claimName);
    expect(containerOf('Job', 'coordinator').volumeMounts).toEqual([
      { name: claim.name, mountPath: '/experiment/artifacts' },
    ]);
    expect(containerOf('Job', 'coordinator').image).toBe(containerOf('Deployment', 'worker').image);
    // A variable is put in only where it stands before.
    for (const { env } of [containerOf('Job', 'coordinator'), containerOf('Deployment', 'worker')]) {
      expect(env.map(({ name }: Env) => name)).toEqual(['QUEUE_PASSWORD', 'EXPGRAPH_REDIS_URL']);
    }
  });

  it('of Kubernetes use secrets that the manifest and the page say how to make', () => {
    const text = JSON.stringify(objects);
    const named = [...text.matchAll(/"secret(?:KeyRef|Ref)":\{"name":"([^"]+)"/g)].map(([, name]) => name!);
    expect([...new Set(named)].sort()).toEqual(['keys', 'queue']);
    for (const name of named) {
      const make = `kubectl create secret generic ${name} --from-literal=`;
      expect(read('kubernetes.yaml')).toContain(make);
      expect(read('README.md')).toContain(make);
    }
    expect(containerOf('Job', 'coordinator')).not.toHaveProperty('envFrom');
  });

  it('of the image are there, and the same files are the experiment', async () => {
    const copied = [...read('Dockerfile').matchAll(/^COPY (?:--\S+ )*(\S+)/gm)].map(([, name]) => name!);
    expect(copied).toEqual(['package.json', 'experiment.yaml', 'scenarios']);
    const folder = tempFolder();
    for (const name of copied) cpSync(path.join(FOLDER, name), path.join(folder, name), { recursive: true });
    const { code, stdout } = await cli(['plan', '--json'], { cwd: folder });
    expect([code, JSON.parse(stdout).tasks]).toEqual([0, 120]);
    const { dependencies } = JSON.parse(read('package.json')) as { readonly dependencies: Env };
    expect(Object.keys(dependencies)).toEqual(['bullmq', 'ioredis']);
  });

  it('of Slurm are a script that says what it lacks', () => {
    const run = (env: Env) =>
      spawnSync('bash', [path.join(FOLDER, 'workers.sbatch')], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, ...env },
      });
    expect(run({}).stderr).toMatch(/EXPGRAPH_REDIS_URL: names the queue/);
    expect(run({ EXPGRAPH_REDIS_URL: 'redis://q' }).stderr).toMatch(/this is an array job/);
  });
});

/** `[valkey-server, --appendonly, yes]` -> `appendonly yes`, as redis.conf has it. */
function settingsOf(words: readonly string[]): readonly string[] {
  const [program, ...rest] = words.map((word) => word.replace(/\$[({]QUEUE_PASSWORD[^)}]*[)}]/, 'sesame'));
  expect(program).toBe('valkey-server');
  return rest
    .join(' ')
    .split('--')
    .slice(1)
    .map((setting) => setting.trim());
}

describe.skipIf(NO_REDIS)(`the server${WITH_REDIS}`, () => {
  it.each([
    ['compose', compose.services.queue!.command],
    ['kubernetes', containerOf('StatefulSet', 'queue').args],
  ])('of %s is one that nothing is said against', async (_, words: readonly string[]) => {
    const server = await startRedis({ password: 'sesame', settings: settingsOf(words) });
    const info = String(await server.ask('INFO'));
    expect(checkRedis(readRedisFacts(info, null), 'IT')).toEqual([]);
    expect(info).toMatch(/^maxmemory_human:512\.00M/m);
    await expect(server.ask('AUTH', 'other')).rejects.toThrow(/WRONGPASS/);
  });

  it('keeps the rule of the page: a user with these rights, and no more', async () => {
    const rule = /`(ACL SETUSER expgraph [^`]*)`/.exec(read('README.md'))![1]!;
    const server = await startRedis();
    await server.ask(...rule.split(' '));
    const may = (...words: string[]) => server.ask('ACL', 'DRYRUN', 'expgraph', ...words);
    expect(await may('EVALSHA', 'x', '1', 'expgraph:{a}:meta')).toBe('OK');
    expect(await may('INFO')).toBe('OK');
    for (const words of [['FLUSHALL'], ['CONFIG', 'GET', '*'], ['GET', 'other']]) {
      expect(await may(...words), words.join(' ')).toMatch(/permissions/);
    }
  });

  it.skipIf(NO_WORKER).each(REDIS_PROGRAMS.map((program) => ({ program, named: nameOf(program) })))(
    `as $named, a coordinator and four workers, started by hand, do all of it${WITH_WORKER}`,
    async ({ program }) => {
      const { queue, coordinator, worker } = compose.services;
      const server = await startRedis({ program, password: 'sesame', settings: settingsOf(queue!.command) });
      const model = await startModelServer();
      onTestFinished(() => model.close());
      void answerAll(model);
      const folder = path.join(tempFolder(), 'queue');
      cpSync(FOLDER, folder, { recursive: true });
      symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
      editFile(path.join(folder, 'experiment.yaml'), (text) =>
        text.replace('type: openai,', `type: openai, base_url: "${model.url}",`),
      );
      const env = { EXPGRAPH_REDIS_URL: server.url };
      const workers = Array.from({ length: worker!.deploy!.replicas }, () =>
        startCli(worker!.command, { cwd: folder, env: { ...env, OPENAI_API_KEY: 'sk-of-workers-alone' } }),
      );
      const ran = await startCli([...coordinator!.command, '--json'], { cwd: folder, env }).ended;
      expect(ran.code, ran.stderr).toBe(0);
      expect(JSON.parse(ran.stdout)).toMatchObject({ executed: 120, failed: 0, complete: true });
      expect(model.requests).toHaveLength(120);
      for (const { child } of workers) child.kill('SIGTERM');
      for (const { ended } of workers) expect((await ended).code).toBe(130);
    },
  );
});

async function answerAll(model: Awaited<ReturnType<typeof startModelServer>>): Promise<void> {
  for (;;) {
    const request = await model.next();
    request.answer({
      id: 'a',
      object: 'chat.completion',
      model: 'gpt-5-mini',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'At 3 pm.' } }],
      usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 },
    });
  }
}
