// In CI: a report of tests, annotations and a summary of the job, and today held against another commit, store or time.
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { editFile, writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

const HOSTILE = '::error file=x::boo %0A ]]> | @all';

/** Whatever is asked, the answer begins as a command to GitHub Actions does. */
const ANSWER =
  'import json, sys\nprint(json.dumps({"text": "::stop-commands::x\\n##[error]y ]]> | @all \\x1b[2J " + sys.argv[1]}))\n';

function experiment(): { readonly folder: string; git(...args: string[]): string } {
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml':
      'version: 1\nname: q\nruns: 2\nscenarios: [data/s.yaml]\nvariants:\n  a: { command: [python3, answer.py, one] }\n  b: { command: [python3, answer.py, two] }\n',
    'answer.py': ANSWER,
    'data/s.yaml': `- { id: fine, input: hello, expect: { contains: stop } }\n- { id: "bad, one", input: hi, expect: { contains: ${JSON.stringify(HOSTILE)} } }\n`,
    '.gitignore': 'artifacts\n*.md\n*.xml\n',
  });
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  git('init', '-q', '-b', 'main', '.');
  git('add', '-A');
  git('commit', '-qm', 'one');
  return { folder, git };
}

const commands = (text: string): readonly string[] =>
  text.split('\n').filter((line) => /^\s*::|##\[/.test(line));

describe('in GitHub Actions', () => {
  it('annotates the scenario of each cell that did not pass, and sums the job up; JSON stays JSON', async () => {
    const { folder } = experiment();
    const summary = path.join(folder, 'summary.md');
    writeFileSync(summary, '');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder, GITHUB_STEP_SUMMARY: summary };
    const run = await cli(['run', '--json', '--junit', 'report.xml'], { cwd: folder, env });
    expect(JSON.parse(run.stdout)).toMatchObject({ executed: 8, not_passed: { cells: 4 } });
    expect(commands(run.stdout)).toEqual([]);
    const told = commands(run.stderr);
    expect(told).toHaveLength(4);
    for (const line of told)
      expect(line).toMatch(
        /^::error file=data\/s\.yaml,line=2,title=[ab]\/bad%2C one\/[12]%3A not passed%2C by expect::lacks /,
      );
    const text = readFileSync(summary, 'utf8');
    expect(text).toContain('| expect | a | 4 | 2 of 4 | 0.500 | 0 |');
    expect(text).toContain('4 not passed');
    expect(text).not.toMatch(/[^\\]\| @all/);
    const xml = readFileSync(path.join(folder, 'report.xml'), 'utf8');
    expect(xml.match(/<failure /g)).toHaveLength(4);
    const names = [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"/g)].map(
      (m) => `${m[1]} ${m[2]}`,
    );
    expect(new Set(names).size).toBe(8);
    expect(xml).toContain('answer:&#10;::stop-commands::x&#10;##[error]y ]]&#62; | @all');
    expect(xml).toMatch(/<property name="git_commit" value="[0-9a-f]{40}"\/>/);
  });

  it('tells a broken gate as a failure, and one that cannot be said yet as nothing failed', async () => {
    const { folder } = experiment();
    editFile(
      path.join(folder, 'experiment.yaml'),
      (text) =>
        `${text}gate: { pass: ">= 0.9", variants.b.pass: [">= 0", "no worse than a"], answers: ">= 8" }\n`,
    );
    const summary = path.join(folder, 'summary.md');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder, GITHUB_STEP_SUMMARY: summary };
    const report = (): string => readFileSync(path.join(folder, 'report.xml'), 'utf8');
    const run = async (
      ...args: string[]
    ): Promise<{ readonly code: number | null; readonly told: string }> => {
      writeFileSync(summary, '');
      const { code, stderr } = await cli(['run', '--json', '--junit', 'report.xml', ...args], {
        cwd: folder,
        env,
      });
      return { code, told: commands(stderr).join('\n') };
    };
    const part = await run('--max-new', '4');
    expect(part.code).toBe(3);
    expect(part.told).not.toMatch(/gate broken/);
    expect(part.told).toMatch(/^::warning title=gate open::pass cannot be said \(wanted: >= 0\.9\)/m);
    expect(report()).toMatch(
      /<testcase classname="gate" name="pass [^"]*">\s*<skipped message="pass cannot be said/,
    );
    expect(report()).toMatch(/<testsuite name="gate" tests="4" failures="0" errors="0" skipped="4"/);
    expect(readFileSync(summary, 'utf8')).toContain('Gate open');
    expect(readFileSync(summary, 'utf8')).not.toContain('Gate broken');
    const whole = await run();
    expect(whole.code).toBe(6);
    expect(whole.told).toMatch(/^::error title=gate broken::pass has to be/m);
    expect(report()).toMatch(/<testcase classname="gate" name="answers [^"]*"\/>/);
    expect(report()).toMatch(
      /<testcase classname="gate" name="pass [^"]*">\s*<failure type="gate" message="pass has to be/,
    );
    expect(report()).toMatch(/<testsuite name="gate" tests="4" failures="1" errors="0" skipped="0"/);
    expect(readFileSync(summary, 'utf8')).toContain('Gate broken');
  });

  it('prints no answer as a command', async () => {
    const { folder } = experiment();
    const env = { GITHUB_ACTIONS: 'true' };
    await cli(['run', '-q'], { cwd: folder, env });
    const shown = await cli(['show', 'a/fine/1'], { cwd: folder, env });
    expect(shown.stdout).toContain('stop-commands');
    expect(commands(shown.stdout)).toEqual([]);
  });
});

describe('compare --against', () => {
  it('holds each arm against itself at a commit, an invocation, and in another folder', async () => {
    const { folder, git } = experiment();
    await cli(['run', '-q'], { cwd: folder });
    cpSync(path.join(folder, 'artifacts'), path.join(folder, 'kept'), { recursive: true });
    git('checkout', '-qb', 'change');
    editFile(path.join(folder, 'answer.py'), (text) => text.replace('::stop-commands::x', 'it goes'));
    git('commit', '-qam', 'two');
    await cli(['run', '-q'], { cwd: folder });
    for (const against of ['main', '1', 'kept', 'HEAD~1']) {
      const { stdout, stderr } = await cli(['compare', '--against', against, '--metric', 'pass', '--json'], {
        cwd: folder,
      });
      expect(stderr).toBe('');
      const { arms, comparisons } = JSON.parse(stdout);
      expect(arms.map(({ variant, mean }: { variant: string; mean: number }) => [variant, mean])).toEqual([
        ['a', 0.5],
        ['b', 0.5],
        ['a', 0],
        ['b', 0],
      ]);
      expect(comparisons).toHaveLength(2);
    }
    const one = await cli(['compare', 'a', '--against', 'main', '--format', 'markdown'], { cwd: folder });
    expect([one.code, one.stdout]).toEqual([0, expect.stringContaining('a at main')]);
  });

  it('takes the results out of a commit that holds them, and leaves the checkout alone', async () => {
    const { folder, git } = experiment();
    writeFileSync(path.join(folder, '.gitignore'), '*.md\n');
    await cli(['run', '-q'], { cwd: folder });
    git('add', '-A');
    git('commit', '-qm', 'results');
    git('tag', 'v1');
    editFile(path.join(folder, 'answer.py'), (text) => text.replace('::stop-commands::x', 'it goes'));
    await cli(['run', '-q'], { cwd: folder });
    // SQLite leaves its own beside an index that is read.
    const status = (): readonly string[] =>
      git('status', '--porcelain')
        .split('\n')
        .filter((line) => !line.includes('index.db'));
    const before = status();
    const { stdout } = await cli(['compare', 'a', '--against', 'v1', '--metric', 'pass', '--json'], {
      cwd: folder,
    });
    expect(
      JSON.parse(stdout).arms.map(({ name, mean }: { name: string; mean: number }) => [name, mean]),
    ).toEqual([
      ['a at v1', 0.5],
      ['a', 0],
    ]);
    expect(status()).toEqual(before);
  });

  it('says what it could be where it is nothing', async () => {
    const { folder } = experiment();
    await cli(['run', '-q'], { cwd: folder });
    for (const [text, said] of [
      ['mian', 'is no folder with results, no invocation, no date and no commit'],
      ['--help=x', 'is no folder with results'],
      ['data', 'there are no results of q in data'],
    ] as const) {
      const { code, stderr } = await cli(['compare', `--against=${text}`], { cwd: folder });
      expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
    }
  });
});
