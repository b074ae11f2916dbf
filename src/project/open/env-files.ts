// Files of variables that a manifest names (`env_file:`): they have to be there when something is to be started, and what
// they hold is taken for secret.
import path from 'node:path';
import type { ProcessEnv } from '../../core/harness.ts';
import type { Manifest } from '../../core/manifest.ts';
import type { Secret } from '../../core/redact.ts';
import { sanitizeLine } from '../../core/text.ts';
import { isOpenName } from '../../manifest/variants/harness.ts';
import { readEnvFile } from '../../providers/env-file.ts';
import { CommandError } from './command-error.ts';

type Of = Pick<Manifest, 'folder' | 'variants'>;

/** Values that must not be shown, whatever tests and programs print. */
export function filedSecrets(manifest: Of): readonly Secret[] {
  return filesOf(manifest).flatMap((file) =>
    Object.entries(readEnvFile(path.resolve(manifest.folder, file)) ?? {}).flatMap(([name, value]) =>
      isOpenName(name) ? [] : [{ name, value }],
    ),
  );
}

/** @throws CommandError where one cannot be read: nothing is started without it. */
export function checkEnvFiles(manifest: Of): void {
  for (const file of filesOf(manifest)) {
    if (readEnvFile(path.resolve(manifest.folder, file)) !== null) continue;
    throw new CommandError(
      `${sanitizeLine(file)} (env_file) cannot be read: is it there, beside the experiment? Nothing was started`,
    );
  }
}

function filesOf({ variants }: Of): readonly string[] {
  const envs = variants.flatMap(({ harness }): readonly ProcessEnv[] =>
    harness === null || harness.kind === 'module' ? [] : [harness.env],
  );
  return [...new Set(envs.flatMap(({ file }) => file ?? []))];
}
