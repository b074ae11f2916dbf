// What `init` prints: the files, how to try them, and what a template cannot know. Pure.

export function writtenLines(files: readonly string[], { dryRun }: { readonly dryRun: boolean }): string {
  return files.map((name) => `  ${dryRun ? 'would write' : 'wrote'} ${name}\n`).join('');
}

export type InitFacts = {
  /** Where to go first, as the user names it; null = they are there. */
  readonly folder: string | null;
  /** Names of templates that might have been meant; null = one was named. */
  readonly others: readonly string[] | null;
  readonly isInstalled: boolean;
  /** The way to the repository's top and back; null = the folder is the top, or there is none. */
  readonly move: { readonly up: string; readonly down: string } | null;
};

export function initText({ folder, others, isInstalled, move }: InitFacts): string {
  const lines = [
    `\nTry it: ${goTo(folder)}npx expgraph run`,
    'It runs on a simulation, which is no model: change `provider:` in experiment.yaml to ask a real one.',
  ];
  if (others !== null) {
    lines.push(
      `Others: --template ${others.join('|')}, or --from-promptfoo, --from-inspect, --from-data, --from-pytest`,
    );
  } else {
    if (!isInstalled)
      lines.push(
        'Not installed in this project yet: `npm install --save-dev expgraph` pins it; CI runs `npm ci`.',
      );
    if (move !== null)
      lines.push(
        `GitHub reads workflows at the top of a repository: move .github to ${move.up}, and write in it working-directory: ${move.down}`,
      );
  }
  return lines.map((line) => `${line}\n`).join('');
}

export function goTo(folder: string | null): string {
  return folder === null ? '' : `cd ${folder} && `;
}
