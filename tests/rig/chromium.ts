// Chromium as it is installed here, driven by playwright-core: nothing is downloaded.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

export type { Browser, BrowserContextOptions, Page };

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A name of somebody else's that means this machine: what DNS rebinding comes to. */
export const REBOUND = 'rebound.example';

/** The program's path; null = it is not installed. */
export function findChromium(): string | null {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(path.delimiter).filter((one) => one !== '')];
  const places = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return places.find(isProgram) ?? null;
}

export async function launchChromium(executablePath: string): Promise<Browser> {
  // CI runs as root in a container, where Chromium's own sandbox does not start and /dev/shm is small.
  const args = ['--no-sandbox', '--disable-dev-shm-usage', `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`];
  return chromium.launch({ executablePath, args });
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
