// What a worker must have to do an experiment's orders, as digests, and what differs in words.
import { sha256 } from '../../core/canonical.ts';
import { sanitizeLine } from '../../core/text.ts';
import { type Needs, QUEUE_FORMAT, write } from '../../queue/words.ts';
import type { Experiment } from '../open/experiment.ts';
import { packageVersion } from '../open/provenance.ts';

export function needsOf({ manifest, parts }: Experiment): Needs {
  const scorers = manifest.scorers.flatMap((scorer) =>
    scorer.kind === 'code' || scorer.kind === 'command'
      ? [
          [
            scorer.name,
            digestOf(scorer.harness.code.files.map((file) => `${file.path} ${file.digest}`)),
          ] as const,
        ]
      : [],
  );
  return {
    v: QUEUE_FORMAT,
    expgraph: majorOf(packageVersion()),
    experiment: manifest.name,
    variants: Object.fromEntries(
      manifest.variants.map(({ name }, i) => [
        name,
        digestOf([parts[i]!.variant.digest, parts[i]!.engine.digest]),
      ]),
    ),
    scorers: Object.fromEntries(scorers),
    scenarios: digestOf(parts.flatMap((part) => part.scenarios.map(({ digest }) => digest))),
  };
}

/** Whose orders there are, each in a queue of its own. `none`: work that asks no provider that is known here. */
export function queuedProviders({ manifest }: Experiment): readonly string[] {
  const names = new Set(Object.keys(manifest.providers));
  if (manifest.scorers.some(({ kind }) => kind === 'code' || kind === 'command')) names.add('none');
  return [...names];
}

export function digestOfNeeds(needs: Needs): string {
  return sha256(write(needs));
}

const SHOWN = 5;

/** null = nothing differs. */
export function difference(wanted: Needs, here: Needs): string | null {
  if (wanted.expgraph !== here.expgraph)
    return `the run is of expgraph ${sanitizeLine(wanted.expgraph)}, and this worker of ${here.expgraph}: install the same version`;
  const found = [
    ...namesThatDiffer(wanted.variants, here.variants).map((name) => `variant ${name}`),
    ...namesThatDiffer(wanted.scorers, here.scorers).map((name) => `code of scorer ${name}`),
    ...(wanted.scenarios === here.scenarios ? [] : ['the scenarios']),
  ];
  if (found.length === 0) return null;
  const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : '';
  const what = found.slice(0, SHOWN).map(sanitizeLine).join(', ') + more;
  return `what is here is not what the run was planned with: ${what}. Bring this checkout to the same state`;
}

type Digests = { readonly [name: string]: string };

function namesThatDiffer(wanted: Digests, here: Digests): readonly string[] {
  const names = new Set([...Object.keys(wanted), ...Object.keys(here)]);
  return [...names].filter((name) => wanted[name] !== here[name]).sort();
}

function digestOf(pieces: readonly string[]): string {
  return sha256(pieces.join('\n'));
}

/** Before 1.0 a minor version may change what is said. */
function majorOf(version: string): string {
  const [major = '0', minor = '0'] = version.split('.');
  return major === '0' ? `0.${minor}` : major;
}
