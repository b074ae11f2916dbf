// `compare --against`: what today is held against. A folder with results, an invocation or a date of this store, or a commit:
// the artifacts in its tree where they are committed, else the newest invocation that ran at it or before it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StoreReader } from '../../cache/store.ts';
import { EVER, NEVER, orderOf, shortNames } from '../../core/invocation-id.ts';
import type { ScoreBook } from '../../core/scoring.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { meansInvocation, namesOfInvocations } from '../select/find-invocation.ts';
import { findMoment, type Moment } from '../select/find-records.ts';
import { bookOfToday } from '../select/verdict.ts';
import { openOther } from './gate-against.ts';

export type Against = Disposable & {
  /** As every arm of it is named. */
  readonly label: string;
  readonly store: StoreReader;
  readonly moment: Moment;
  readonly book: ScoreBook;
};

/** @throws CommandError where it means nothing. */
export function openAgainst(
  text: string,
  input: { readonly experiment: Experiment; readonly store: StoreReader; readonly cwd: string },
): Against {
  const folder = path.resolve(input.cwd, text);
  if (existsSync(folder) && statSync(folder).isDirectory())
    return otherStore(input.experiment, { folder, shown: text, label: path.basename(folder), end: () => {} });
  const names = input.store.invocations().map(({ invocation }) => invocation);
  if (meansInvocation(names, text) || /^\d{4}-\d\d-\d\d/.test(text))
    return ownStore(input, findMoment(input.store, text));
  const commit = git(input.experiment, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${text}^{commit}`,
  ]);
  if (commit === null)
    throw new CommandError(
      `--against ${JSON.stringify(text)} is no folder with results, no invocation, no date and no commit; in CI fetch the branch first: git fetch origin ${/^[\w./-]+$/.test(text) ? text.replace(/^origin\//, '') : 'main'}`,
    );
  return committed(input.experiment, { commit, shown: text }) ?? ranAt(input, { commit, shown: text });
}

function ownStore(
  { experiment, store }: { readonly experiment: Experiment; readonly store: StoreReader },
  moment: Moment,
): Against {
  return { label: moment.label, store, moment, book: bookOfToday(experiment), [Symbol.dispose]: () => {} };
}

function otherStore(
  experiment: Experiment,
  input: {
    readonly folder: string;
    readonly shown: string;
    readonly label: string;
    readonly end: () => void;
  },
): Against {
  const other = openOther(experiment, { kind: 'store', folder: input.folder, shown: input.shown });
  if (other.kind === 'none') {
    input.end();
    throw new CommandError(`--against ${JSON.stringify(input.shown)}: ${other.why}`);
  }
  return {
    label: input.label,
    store: other.store,
    moment: { label: input.label, upTo: EVER },
    // Today's scorers, and what they said of the answers there.
    book: bookOfToday({ ...experiment, root: other.root }),
    [Symbol.dispose]: () => {
      other.store[Symbol.dispose]();
      input.end();
    },
  };
}

/** null = the tree of that commit holds no results of this experiment. Nothing of the checkout is touched. */
function committed(
  experiment: Experiment,
  { commit, shown }: { readonly commit: string; readonly shown: string },
): Against | null {
  const top = git(experiment, ['rev-parse', '--show-toplevel']);
  if (top === null) return null;
  const inside = path.relative(top, experiment.root).split(path.sep).join('/');
  if (inside.startsWith('..')) return null;
  const tree = `${commit}:${inside}`;
  if (git(experiment, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${tree}/history`]) === null)
    return null;
  const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-against-'));
  const end = (): void => rmSync(folder, { recursive: true, force: true });
  const env = { GIT_INDEX_FILE: path.join(folder, 'index') };
  const read = git(experiment, ['read-tree', tree], env);
  const store = path.join(folder, 'store');
  // A link in a tree of others is a file here.
  const out = ['-c', 'core.symlinks=false', 'checkout-index', '--all', `--prefix=${store}/`];
  if (read === null || git(experiment, out, env) === null) {
    end();
    throw new CommandError(`the results in ${shown} cannot be taken out of its tree`);
  }
  return otherStore(experiment, { folder: store, shown, label: shown, end });
}

/** The store as it stood when the newest invocation ended that ran at this commit or at one before it. */
function ranAt(
  input: { readonly experiment: Experiment; readonly store: StoreReader },
  { commit, shown }: { readonly commit: string; readonly shown: string },
): Against {
  const known = new Map<string, boolean>();
  const isBefore = (other: string): boolean => {
    const answer =
      known.get(other) ?? git(input.experiment, ['merge-base', '--is-ancestor', other, commit]) !== null;
    known.set(other, answer);
    return answer;
  };
  const all = input.store.invocations().toReversed();
  // What ran with uncommitted edits is nobody's commit, and taken only where nothing else is.
  const found =
    all.find(({ git: of }) => of && !of.dirty && isBefore(of.commit)) ??
    all.find(({ git: of }) => of && isBefore(of.commit));
  if (found === undefined)
    throw new CommandError(
      `no invocation here ran at ${shown} (${commit.slice(0, 10)}) or before it, and its tree holds no results: run there first, or name a folder of artifacts`,
    );
  const edits = found.git?.dirty ? ', edited' : '';
  const called = shortNames(namesOfInvocations(input.store), 4)(found.invocation);
  const label = `${shown} (${called}${edits})`;
  return ownStore(input, { label, upTo: orderOf(found.invocation) ?? NEVER });
}

/** What it prints; null = it fails. */
function git(
  { manifest: { folder } }: Experiment,
  args: readonly string[],
  env: { readonly [name: string]: string } = {},
): string | null {
  try {
    return execFileSync('git', args, {
      cwd: folder,
      timeout: 60_000,
      maxBuffer: 64 << 20,
      env: { ...process.env, ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
