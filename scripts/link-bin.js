// Makes `npx expgraph` work inside this repository: npm links the commands of dependencies, never the package's own.
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

if (process.platform !== 'win32') {
  const folder = fileURLToPath(new URL('../node_modules/.bin', import.meta.url));
  mkdirSync(folder, { recursive: true });
  rmSync(`${folder}/expgraph`, { force: true });
  symlinkSync('../../bin/expgraph.js', `${folder}/expgraph`);
}
