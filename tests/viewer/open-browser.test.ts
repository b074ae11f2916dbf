// Which program opens an address, on which machine; and that none being there is no mistake.
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { browserCommand, openBrowser } from '../../src/cli/terminal/open-browser.ts';
import { appears } from '../rig/appears.ts';
import { tempFolder } from '../rig/temp.ts';

it.each([
  ['a desktop', { DISPLAY: ':0' }, 'linux', ['xdg-open']],
  ['a desktop under Wayland', { WAYLAND_DISPLAY: 'wayland-0' }, 'linux', ['xdg-open']],
  ['no desktop', {}, 'linux', null],
  ['another machine', { DISPLAY: ':10', SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, 'linux', null],
  ['a job of CI', { DISPLAY: ':99', CI: 'true' }, 'linux', null],
  ['a Mac', {}, 'darwin', ['open']],
  ['Windows, without a shell', {}, 'win32', ['rundll32', 'url.dll,FileProtocolHandler']],
  [
    'the remote terminal of an editor',
    { BROWSER: '/x/browser.sh', SSH_CONNECTION: 'a' },
    'linux',
    ['/x/browser.sh'],
  ],
  [
    'a list of browsers, which is for xdg-open to read',
    { BROWSER: 'a:b %s', DISPLAY: ':0' },
    'linux',
    ['xdg-open'],
  ],
  ['whoever wants none', { BROWSER: 'none', DISPLAY: ':0' }, 'linux', null],
] as const)('on %s it is the right one', (_, env, platform, command) => {
  expect(browserCommand(env, platform)).toEqual(command);
});

it('hands the address over as one word, whatever is in it', async () => {
  const folder = tempFolder();
  const program = path.join(folder, 'browser');
  writeFileSync(
    program,
    `#!/bin/sh\nprintf '%s\\n' "$#" "$1" > '${folder}/told.part' && mv '${folder}/told.part' '${folder}/told'\n`,
  );
  chmodSync(program, 0o755);
  const address = "http://127.0.0.1:1/matrix?a='$(id)'&b=;#token=x";
  const told: string[] = [];
  openBrowser({ ...process.env, BROWSER: program }, { address, told: (why) => told.push(why) });
  expect([await appears(path.join(folder, 'told')), told]).toEqual([`1\n${address}`, []]);
});

it('says that it is not there, and goes on', async () => {
  const why = await new Promise<string>((resolve) =>
    openBrowser({ BROWSER: '/no/such/browser' }, { address: 'http://127.0.0.1:1/', told: resolve }),
  );
  expect(why).toBe('/no/such/browser is not there');
});
