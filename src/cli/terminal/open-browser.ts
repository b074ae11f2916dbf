// The browser of whoever sits here, opened at an address. There may be none: then nothing happens, and nothing fails.
import { spawn } from 'node:child_process';
import type { Env } from '../../core/env.ts';

/** @param told when none could be started, with why */
export function openBrowser(
  env: Env,
  { address, told }: { readonly address: string; readonly told: (why: string) => void },
): void {
  const command = browserCommand(env, process.platform);
  if (command === null) return;
  const [program, ...args] = command;
  // A browser that is not open yet becomes this process: it stays when we are gone, and Ctrl-C is not meant for it.
  const child = spawn(program!, [...args, address], { stdio: 'ignore', detached: true, env });
  child.on('error', (cause: NodeJS.ErrnoException) => {
    told(cause.code === 'ENOENT' ? `${program} is not there` : cause.message);
  });
  child.unref();
}

/**
 * What opens an address; null = nobody could see it: no desktop, or one far away. BROWSER is what the user says, as the remote
 * terminals of editors do, which open it where the editor is.
 */
export function browserCommand(env: Env, platform: NodeJS.Platform): readonly string[] | null {
  const { BROWSER } = env;
  if (BROWSER === 'none' || BROWSER === 'false') return null;
  if (BROWSER && !/[\s:%]/.test(BROWSER)) return [BROWSER];
  if (env.SSH_CONNECTION || env.CI) return null;
  if (platform === 'darwin') return ['open'];
  // An address is no word of a shell: & would end it there.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : null;
}
