// Plays a composite action as GitHub's runner does, as far as this one asks for it: conditions, contexts, outputs, `run` steps in bash.
// What `uses:` names is played by the test.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export type ActionStep = {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: { readonly [name: string]: string };
  readonly env?: { readonly [name: string]: string };
  readonly 'continue-on-error'?: boolean;
};

export type Contexts = { readonly [name: string]: unknown };

export type PlayedAction = {
  /** Steps that ran, by name, with their exit codes. */
  readonly ran: readonly (readonly [string, number])[];
  readonly outputs: { readonly [step: string]: { readonly [name: string]: string } };
  /** The job's: of the first step that failed and was not let off. */
  readonly code: number;
  readonly said: string;
};

type Play = {
  readonly steps: readonly ActionStep[];
  /** `inputs`, `github`; `steps` are added here. */
  readonly contexts: Contexts;
  readonly folder: string;
  readonly env: { readonly [name: string]: string };
  /** @returns its exit code */
  uses(action: string, given: { readonly [name: string]: string }): number;
};

export function playAction({ steps, contexts, folder, env, uses }: Play): PlayedAction {
  const outputs: { [step: string]: { [name: string]: string } } = {};
  const ran: [string, number][] = [];
  let code = 0;
  let said = '';
  for (const step of steps) {
    const told = { ...contexts, steps: asSteps(outputs) };
    const condition = step.if ?? 'success()';
    const isAsked = condition.includes('always()') ? condition : `success() && ${condition}`;
    if (!isTrue(isAsked, told, code === 0)) continue;
    const fill = (map: { readonly [name: string]: string } = {}) =>
      Object.fromEntries(Object.entries(map).map(([name, text]) => [name, filled(text, told)]));
    const output = path.join(env.RUNNER_TEMP!, `output-${ran.length}`);
    let status: number;
    if (step.run === undefined) {
      status = uses(step.uses!.replace(/@.*/, ''), fill(step.with));
    } else {
      writeFileSync(output, '');
      const script = path.join(env.RUNNER_TEMP!, `step-${ran.length}.sh`);
      writeFileSync(script, step.run);
      // The words of the runner for `shell: bash`.
      const done = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
        cwd: folder,
        env: { ...env, ...fill(step.env), GITHUB_OUTPUT: output },
        encoding: 'utf8',
      });
      status = done.status ?? 255;
      said += done.stdout + done.stderr;
      if (step.id !== undefined) outputs[step.id] = outputsIn(readFileSync(output, 'utf8'));
    }
    ran.push([step.name, status]);
    if (code === 0 && status !== 0 && step['continue-on-error'] !== true) code = status;
  }
  return { ran, outputs, code, said };
}

function asSteps(outputs: PlayedAction['outputs']): Contexts {
  return Object.fromEntries(Object.entries(outputs).map(([id, held]) => [id, { outputs: held }]));
}

function outputsIn(text: string): { [name: string]: string } {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

function filled(text: string, contexts: Contexts): string {
  return String(text).replace(/\$\{\{\s*([\w.-]+)\s*\}\}/g, (_, way: string) =>
    String(valueAt(way, contexts) ?? ''),
  );
}

/** What is not there is nothing, as in expressions of GitHub. */
function valueAt(way: string, contexts: Contexts): unknown {
  return way
    .split('.')
    .reduce<unknown>((held, name) => (held as { [name: string]: unknown } | undefined)?.[name], contexts);
}

/** `always() && a == 'b' && c != ''`: no more than that is known, and anything else is a mistake of this file. */
function isTrue(condition: string, contexts: Contexts, isFine: boolean): boolean {
  return condition.split('&&').every((part) => {
    const text = part.trim();
    if (text === 'always()') return true;
    if (text === 'success()') return isFine;
    const [, way, sign, wanted] = /^([\w.-]+) (==|!=) '([^']*)'$/.exec(text) ?? [];
    if (way === undefined) throw new Error(`not played here: ${text}`);
    const isSame = String(valueAt(way, contexts) ?? '') === wanted;
    return sign === '==' ? isSame : !isSame;
  });
}
