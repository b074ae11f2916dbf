// What editors and containers are handed: VS Code's patterns against what the program prints, the extension, the devcontainer and the
// Dockerfile by their rules. An image is built where a builder and the base image are on this machine.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseJsonc } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { cli, sample } from '../rig/cli.ts';
import { editFile, filesBelow, ROOT } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

const read = (name: string): string => readFileSync(path.join(ROOT, name), 'utf8');

type Pattern = {
  readonly regexp: string;
  readonly file: number;
  readonly line: number;
  readonly column: number;
  readonly severity: number;
  readonly message: number;
};

/** As an editor reads a task's output: line by line. */
function marksIn(output: string, pattern: Pattern): readonly (readonly string[])[] {
  const regexp = new RegExp(pattern.regexp);
  return output.split('\n').flatMap((line) => {
    const found = regexp.exec(line);
    if (found === null) return [];
    const { file, line: at, column, severity, message } = pattern;
    return [[file, at, column, severity, message].map((group) => found[group]!)];
  });
}

const extension = JSON.parse(read('vscode/package.json'));
const tasks = parseJsonc(read('templates/editor/tasks.json')).tasks;
const PATTERN: Pattern = extension.contributes.problemPatterns[0];

describe('marks in VS Code', () => {
  it('stand at each mistake of a manifest and of its files, and nowhere else', async () => {
    const folder = tempFolder();
    await sample(folder);
    editFile(path.join(folder, 'experiment.yaml'), (text) =>
      text.replace('temperature: 0.2', 'temprature: 0.2').replace('runs: 3', 'runs: three'),
    );
    writeFileSync(path.join(folder, 'scenarios/more.yaml'), '- { id: a, input: b }\n- { id: a, input: c }\n');
    for (const command of ['plan', 'run']) {
      const { stdout, stderr } = await cli([command], { cwd: folder });
      const marks = marksIn(stdout + stderr, PATTERN);
      expect(marks.map(([file, , , severity]) => [file, severity])).toContainEqual([
        'experiment.yaml',
        'error',
      ]);
      const first = marks.find(([, , , , message]) => message!.includes('temprature'))!;
      const lines = readFileSync(path.join(folder, 'experiment.yaml'), 'utf8').split('\n');
      expect(lines[Number(first[1]) - 1]!.slice(Number(first[2]) - 1)).toMatch(/^temprature: 0\.2/);
      expect(first[4]).toBe('unknown key "temprature"');
    }
  });

  it('stand at files as seen from the folder where the task runs', async () => {
    const folder = tempFolder();
    mkdirSync(path.join(folder, 'evals'));
    await sample(path.join(folder, 'evals'));
    editFile(path.join(folder, 'evals/experiment.yaml'), (text) => text.replace('runs: 3', 'runs: three'));
    const { stderr } = await cli(['plan', '-f', 'evals/experiment.yaml'], { cwd: folder });
    const [mark] = marksIn(stderr, PATTERN);
    expect(existsSync(path.resolve(folder, mark![0]!))).toBe(true);
  });

  it('are none where nothing is wrong', async () => {
    const folder = tempFolder();
    await sample(folder);
    const { stdout, stderr } = await cli(['plan', '--explain'], { cwd: folder });
    expect(marksIn(stdout + stderr, PATTERN)).toEqual([]);
  });

  it('are the same in the tasks that init writes, in the extension and on the page', () => {
    const [page] = /\{ "regexp": .*\}/.exec(read('docs/editors-and-containers.md'))!;
    const { name, ...pattern } = extension.contributes.problemPatterns[0];
    expect(name).toBe('expgraph');
    for (const task of tasks) expect(task.problemMatcher.pattern).toEqual(pattern);
    expect(JSON.parse(page)).toEqual(pattern);
  });
});

describe('init --vscode', () => {
  it('writes tasks whose commands are commands, beside the experiment', async () => {
    const folder = tempFolder();
    const made = await cli(['init', '--template', 'prompt', '--vscode'], { cwd: folder });
    expect([made.code, made.stdout.includes('wrote .vscode/tasks.json')]).toEqual([0, true]);
    for (const { args } of tasks) {
      expect(args.slice(0, 2)).toEqual(['--no-install', 'expgraph']);
      expect((await cli(args.slice(2), { cwd: folder })).code).toBe(0);
    }
  });

  it('leaves tasks that are there alone', async () => {
    const folder = tempFolder();
    mkdirSync(path.join(folder, '.vscode'));
    writeFileSync(path.join(folder, '.vscode/tasks.json'), 'mine');
    const { code, stderr } = await cli(['init', '--vscode'], { cwd: folder });
    expect([code, readFileSync(path.join(folder, '.vscode/tasks.json'), 'utf8')]).toEqual([2, 'mine']);
    expect(stderr).toContain('was left alone');
  });
});

describe('the extension', () => {
  it('offers tasks whose arguments no shell reads', () => {
    type Definition = {
      readonly type: string;
      readonly command: string;
      readonly args?: string[];
      readonly folder?: string;
    };
    class ProcessExecution {
      readonly process: string;
      readonly args: readonly string[];
      readonly options: unknown;
      constructor(process: string, args: readonly string[], options: unknown) {
        this.process = process;
        this.args = args;
        this.options = options;
      }
    }
    class Task {
      readonly definition: Definition;
      readonly execution: ProcessExecution;
      readonly matcher: string;
      constructor(...given: [Definition, unknown, string, string, ProcessExecution, string]) {
        this.definition = given[0];
        this.execution = given[4];
        this.matcher = given[5];
      }
    }
    let provider!: { provideTasks(): Task[]; resolveTask(task: unknown): Task };
    const vscode = {
      ...{ ProcessExecution, Task, TaskScope: { Workspace: 2 } },
      tasks: {
        registerTaskProvider(_: string, given: typeof provider) {
          provider = given;
          return {};
        },
      },
    };
    const exported: { activate?: (context: unknown) => void } = {};
    new Function('require', 'exports', read('vscode/extension.js'))(() => vscode, exported);
    exported.activate!({ subscriptions: [] });
    const offered = provider.provideTasks().map(({ definition }) => definition.command);
    const known: readonly string[] = extension.contributes.taskDefinitions[0].properties.command.enum;
    expect(offered.filter((command) => !known.includes(command))).toEqual([]);
    const definition = {
      type: 'expgraph',
      command: 'run',
      args: ['--variant', '$(touch x)'],
      folder: 'evals',
    };
    const { execution, matcher } = provider.resolveTask({ definition });
    expect([matcher, execution.args.slice(1), execution.options]).toEqual([
      '$expgraph',
      ['expgraph', '--color', 'never', 'run', '--variant', '$(touch x)'],
      { cwd: '${workspaceFolder}/evals' },
    ]);
  });

  it('names schemas that are copied beside it when it is packed', () => {
    const { yamlValidation, jsonValidation } = extension.contributes;
    for (const { url } of [...yamlValidation, ...jsonValidation])
      expect(existsSync(path.join(ROOT, 'schema', path.basename(url))), url).toBe(true);
    const copied = [...read('vscode/copy-schemas.mjs').matchAll(/'([\w.]+\.schema\.json)'/g)].map(
      ([, name]) => name,
    );
    expect(new Set(copied)).toEqual(
      new Set([...yamlValidation, ...jsonValidation].map(({ url }) => path.basename(url))),
    );
  });
});

it('the devcontainer has Node of the house, pytest, and a command that the package knows', () => {
  const errors: never[] = [];
  const container = parseJsonc(read('.devcontainer/devcontainer.json'), errors, {
    allowTrailingComma: false,
  });
  expect(errors).toEqual([]);
  expect(container.image).toMatch(/:24-/);
  const commands = Object.values(container.postCreateCommand as Record<string, string>).join(' && ');
  expect(commands).toContain('npm ci');
  expect(commands).toContain('pytest');
  const { scripts } = JSON.parse(read('package.json'));
  for (const [, name] of commands.matchAll(/npm run ([\w:-]+)/g)) expect(scripts).toHaveProperty(name!);
  for (const command of Object.values(container.postCreateCommand as Record<string, string>))
    expect(spawnSync('bash', ['-n', '-c', command]).status, command).toBe(0);
});

describe('the Dockerfile', () => {
  const lines = read('Dockerfile')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => !/^\s*(?:#|$)/.test(line));
  const of = (instruction: string): readonly string[] =>
    lines
      .filter((line) => line.startsWith(`${instruction} `))
      .map((line) => line.slice(instruction.length + 1));

  it('builds in one stage and runs in another, on a base whose major version is pinned', () => {
    expect(of('FROM')).toEqual(['${NODE_IMAGE} AS build', '${NODE_IMAGE}']);
    expect(of('ARG')).toEqual(['NODE_IMAGE=node:24-bookworm-slim']);
    const last = lines.slice(lines.lastIndexOf('FROM ${NODE_IMAGE}'));
    expect(last.filter((line) => line.startsWith('COPY ') && !line.includes('--from=build'))).toEqual([]);
  });

  it('runs as nobody in particular, keeps the store in a volume, and asks doctor how it is', () => {
    expect(of('USER')).toEqual(['node']);
    expect(of('VOLUME')).toEqual(['["/experiment/artifacts"]']);
    expect(of('HEALTHCHECK')[0]).toMatch(/CMD \["expgraph", "doctor"/);
    expect(lines.indexOf('USER node')).toBeLessThan(lines.findIndex((line) => line.startsWith('ENTRYPOINT')));
    // A shell as the first process hands on no signals.
    expect(of('ENTRYPOINT')).toEqual(['["expgraph"]']);
  });

  it('holds no secret, fetches nothing but packages, and runs no script of theirs', () => {
    const text = lines.join('\n');
    expect(text).not.toMatch(/(?:KEY|TOKEN|SECRET|PASSWORD)\s*=/i);
    expect(text).not.toMatch(/\b(?:curl|wget|ADD https?:|sudo|:latest)\b/);
    for (const [install] of text.matchAll(/npm (?:ci|install)[^&]*/g))
      expect(install).toContain('--ignore-scripts');
  });

  it('is given no key, no answer and no package of this machine', () => {
    const ignored = read('.dockerignore').split('\n');
    for (const name of ['.git', '.env', '.env.*', '**/artifacts', '**/node_modules'])
      expect(ignored).toContain(name);
  });

  it('takes packages by the lock file, and by the settings of its base: a mirror, a CA', () => {
    const installs = [...lines.join('\n').matchAll(/npm (?:ci|i|install)\b[^&\n]*/g)].map(([one]) => one);
    expect(installs).toHaveLength(2);
    for (const install of installs) {
      expect(install).toMatch(/^npm ci /);
      // With it npm reads its global settings below the folder that is named.
      expect(install).not.toContain('--prefix');
    }
  });

  const base = baseImage();
  const builder = builderWith(base);
  it.skipIf(builder === null || process.env.BUILD_IMAGE === undefined)(
    'builds, and the image runs the sample as nobody in particular (left out without BUILD_IMAGE=1 or BUILD_IMAGE=BASE, for it fetches packages, and where no docker, podman or buildah has the base, node:24-bookworm-slim)',
    { timeout: 1_800_000 },
    () => {
      const build = (...args: string[]): string =>
        execFileSync(builder!, args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
      const isBuildah = builder === 'buildah';
      build(
        ...(isBuildah ? ['bud', '--format', 'docker', '--pull-never'] : ['build', '--pull=never']),
        ...['--build-arg', `NODE_IMAGE=${base}`, '-t', 'expgraph-test', '.'],
      );
      const inImage = (command: string): string => {
        if (!isBuildah) return build('run', '--rm', '--entrypoint', 'sh', 'expgraph-test', '-c', command);
        const container = build('from', '--pull-never', 'expgraph-test').trim();
        try {
          return build('run', container, '--', 'sh', '-c', command);
        } finally {
          build('rm', container);
        }
      };
      const said = inImage(
        [
          ...['set -e', 'id -un', 'pwd', 'expgraph init --yes > /dev/null', 'expgraph run'],
          ...[
            'expgraph doctor --quiet > /dev/null',
            'echo healthy',
            'test ! -e /src',
            'test ! -w /opt/expgraph',
          ],
          'ls /opt/expgraph/node_modules',
        ].join('\n'),
      );
      expect(said).toMatch(/^node\n\/experiment\n/);
      expect(said).toContain('120 executed');
      // What users install, and nothing that the build alone needs.
      const [, packages] = said.split('\nhealthy\n');
      expect(packages!.split('\n')).toEqual(expect.arrayContaining(['langsmith', 'openai']));
      expect(packages).not.toMatch(/^(?:typescript|vite|vitest)$/m);
    },
  );
});

/** BUILD_IMAGE=1 takes the one that the file names. */
function baseImage(): string {
  const named = process.env.BUILD_IMAGE;
  return named === undefined || named === '1' ? 'docker.io/library/node:24-bookworm-slim' : named;
}

/** One that has the base image here: nothing is pulled. */
function builderWith(base: string): string | null {
  const has = (program: string, ...args: string[]): boolean => {
    const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
    return status === 0 && stdout.trim() !== '';
  };
  if (has('docker', 'image', 'inspect', '--format', '{{.Id}}', base)) return 'docker';
  if (has('podman', 'image', 'inspect', '--format', '{{.Id}}', base)) return 'podman';
  return has('buildah', 'images', '--quiet', base) ? 'buildah' : null;
}

it('packs templates for editors, and leaves what is of the repository alone out of the package', () => {
  const { files } = JSON.parse(read('package.json')) as { files: string[] };
  expect(files).toContain('templates');
  for (const name of ['action', 'vscode', 'Dockerfile', '.devcontainer']) expect(files).not.toContain(name);
  expect(filesBelow(path.join(ROOT, 'templates')).some((name) => name.endsWith('editor/tasks.json'))).toBe(
    true,
  );
});
