// Completions in real shells: what they offer, that a hostile name reaches the program as it is, and that nothing of it is ever run.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeFiles } from '../rig/files.ts';
import { inProcess } from '../rig/in-process.ts';
import { CLI } from '../rig/program.ts';
import { tempFolder } from '../rig/temp.ts';

/** Each would leave a file if it were run, or be another word if it were not quoted. */
const HOSTILE = [
  '$(touch PWNED)',
  '`touch PWNED2`',
  'a b',
  `it's "so"`,
  'x[1]*?{a,b}',
  'semi;touch PWNED3',
  'pipe|touch PWNED4&',
  'back\\slash',
  '~home',
  '<in >PWNED5',
  '#no comment',
  'ünï',
  '--variant',
] as const;

const MANIFEST = {
  ...{ version: 1, name: 'hostile', provider: 'sim', model: 'sim-small', scenarios: ['s.json'] },
  variants: Object.fromEntries(HOSTILE.map((name, at) => [name, { salt: String(at) }])),
};

let folder: string;
let bin: string;

beforeEach(() => {
  folder = tempFolder();
  bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const program = path.join(bin, 'expgraph');
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`);
  chmodSync(program, 0o755);
  writeFiles(folder, {
    'work/experiment.yaml': JSON.stringify(MANIFEST),
    'work/s.json': JSON.stringify(
      ['ambiguous:gym', 'ambiguous:$(touch PWNED)', 'plain'].map((id) => ({
        id,
        input: id,
        category: 'c d',
      })),
    ),
  });
});

/** Nothing of a name was run. */
function expectUntouched(): void {
  const names = readdirSync(path.join(folder, 'work'));
  expect(names.filter((name) => !['experiment.yaml', 's.json', 'artifacts'].includes(name))).toEqual([]);
}

function inShell(shell: string, args: readonly string[], script: string): string {
  const { stdout, stderr, status } = spawnSync(shell, [...args, script], {
    cwd: path.join(folder, 'work'),
    env: { PATH: `${bin}:${process.env.PATH}`, HOME: folder, LANG: 'C.UTF-8', TERM: 'dumb' },
    encoding: 'utf8',
  });
  expect([status, stderr], script).toEqual([0, '']);
  return stdout;
}

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

describe('bash', () => {
  /** What Tab offers at the end of this line. */
  function offered(line: string): readonly string[] {
    return inShell(
      'bash',
      ['--norc', '--noprofile', '-c'],
      `
source <(expgraph completion bash)
COMP_LINE=${quoted(line)}; COMP_POINT=\${#COMP_LINE}; COMPREPLY=()
_expgraph expgraph
printf '%s\\n' "\${COMPREPLY[@]}"`,
    )
      .split('\n')
      .filter((one) => one !== '');
  }

  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

  it('offers commands, options, choices and names', () => {
    expect(offered('expgraph ru')).toEqual(['run']);
    expect(offered('expgraph langsmith pu')).toEqual(['push']);
    expect(offered('expgraph run --budg')).toEqual(['--budget-usd']);
    expect(offered('expgraph plan --format ')).toEqual(['table', 'json', 'mermaid', 'dot']);
    expect(offered('expgraph plan --format=m')).toEqual(['mermaid']);
    expect(offered('expgraph help er')).toEqual(['errors']);
    expect(offered('expgraph init --from-p')).toEqual(['--from-promptfoo', '--from-pytest']);
    expect(offered('expgraph init --template ')).toEqual(['prompt', 'tools', 'agent', 'command', 'dataset']);
    expect(offered('expgraph init --from-data s')).toEqual([]);
    expect(offered('expgraph run --variant ün')).toEqual(['ünï']);
    expect(offered('expgraph show ünï/')).toContain('ünï/plain/');
    expect(offered('expgraph show ünï/plain/')).toEqual(['ünï/plain/1']);
    expect(offered('FOO=1 expgraph -C .. -C work run --scenario pl')).toEqual(['plain']);
  });

  it('replaces only what stands behind a colon or an equals sign, as bash does', () => {
    expect(offered('expgraph run --scenario ambiguous:g')).toEqual(['gym']);
    expect(offered('expgraph run --scenario=ambiguous:g')).toEqual(['gym']);
    expect(offered('expgraph run --scenario=amb')).toContain('ambiguous:gym');
    expect(offered("expgraph run --scenario 'ambiguous:g")).toEqual(['ambiguous:gym']);
  });

  it.each([
    ['', '', ''],
    ["'", "'", "'"],
    ['"', '"', '"'],
  ])('writes hostile names so that the program gets them as they are, after %j', (open, before, after) => {
    const words = offered(`expgraph run --variant ${open}`);
    const line = words.map((word) => `${before}${word}${after}`).join(' ');
    const got = inShell(
      'bash',
      ['--norc', '--noprofile', '-c'],
      `eval 'set -- '${quoted(line)}; printf '%s\\0' "$@"`,
    );
    expect(got.split('\0').slice(0, -1)).toEqual([...HOSTILE]);
    expectUntouched();
  });

  it('is silent and offers nothing without a manifest, with a broken one, and without the program', () => {
    writeFiles(folder, { 'work/experiment.yaml': 'version: [' });
    expect(offered('expgraph run --variant ')).toEqual([]);
    expect(offered('expgraph -C nowhere run --variant ')).toEqual([]);
    const without = inShell(
      'bash',
      ['--norc', '--noprofile', '-c'],
      `
source <(expgraph completion bash); PATH=/usr/bin:/bin
COMP_LINE='expgraph ru'; COMP_POINT=11; _expgraph expgraph; printf '%s' "\${COMPREPLY[@]}"`,
    );
    expect(without).toBe('');
  });

  it('finds the program of the project where none is on the path, as npx does', () => {
    const modules = path.join(folder, 'node_modules/.bin');
    mkdirSync(modules, { recursive: true });
    const found = inShell(
      'bash',
      ['--norc', '--noprofile', '-c'],
      `
source <(expgraph completion bash); mv '${bin}/expgraph' '${modules}/expgraph'; hash -r; PATH=/usr/bin:/bin
COMP_LINE='expgraph ru'; COMP_POINT=11; _expgraph expgraph; printf '%s' "\${COMPREPLY[@]}"`,
    );
    expect(found).toBe('run');
  });
});

describe.skipIf(!has('fish'))('fish (left out where it is not installed)', () => {
  const offered = (line: string): readonly string[] =>
    inShell(
      'fish',
      ['--no-config', '-c'],
      `source (expgraph completion fish | psub); complete -C${fishQuoted(line)}`,
    )
      .split('\n')
      .filter((one) => one !== '')
      .map((one) => one.split('\t')[0]!);
  const fishQuoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

  it('offers commands, options and hostile names as they are', () => {
    expect(offered('expgraph ru')).toEqual(['run']);
    expect(offered('expgraph run --budg')).toEqual(['--budget-usd']);
    expect([...offered('expgraph run --variant ')].sort()).toEqual([...HOSTILE].sort());
    expectUntouched();
  });
});

describe.skipIf(!has('zsh'))('zsh (left out where it is not installed)', () => {
  it('offers names and writes a hostile one so that the program gets it as it is', () => {
    // A terminal within zsh: Tab is pressed in it, then the line is given to a function that shows its words.
    const shown = inShell(
      'zsh',
      ['-f', '-c'],
      `
zmodload zsh/zpty
zpty -b z "TERM=dumb zsh -f -i"
zpty -w z 'unsetopt zle_bracketed_paste; PS1="R> "; autoload -U compinit; compinit -u -D; source <(expgraph completion zsh); shown() { print -rN -- "<" "$@" ">" }; print READY-"NOW"'
until zpty -r z line '*READY-NOW*'; do :; done
zpty -n -w z $'shown expgraph\\x01\\x0bexpgraph run --variant \\\\$\\t\\x01shown \\n'
zpty -r z line $'*>\\0*'; print -r -- "$line"
zpty -d z`,
    );
    expect(shown).toContain('<\0expgraph\0run\0--variant\0$(touch PWNED)\0>');
    expectUntouched();
  });
});

it('answers for a word of each kind, with what is known of it', async () => {
  const cwd = path.join(folder, 'work');
  const ask = async (...words: string[]): Promise<readonly string[]> =>
    (await inProcess(['complete', 'zsh', '--', ...words], { cwd })).out.replace(/\n$/, '').split('\n');
  expect(await ask('run', '--category', '')).toEqual(['words', 'c d\t']);
  expect(await ask('run', '--runs', '')).toEqual(['words', '1\t']);
  expect(await ask('-f', 'other.yaml', 'run', '--variant', '')).toEqual(['words']);
  expect(await ask('run', '--events', '')).toEqual(['files']);
  expect(await ask('-C', '')).toEqual(['folders']);
  expect(await ask('import', '')).toEqual(['files']);
  expect(await ask('merge', '')).toEqual(['files']);
  expect(await ask('merge', 'from-ann', '')).toEqual(['files']);
  expect(await ask('diff', '')).toEqual(['words']);
  expect(await ask('run', '--max-new', '')).toEqual(['words']);
  await inProcess(['run'], { cwd });
  expect((await ask('diff', ''))[1]).toMatch(/^1\t\d{8}T\d{6}Z$/);
});
