// A process that unblinds again and again: `node unblind-main.ts ROOT NAME TIMES`.
import { withheldNow } from '../../src/project/open/withheld.ts';
import { testWorld } from './world.ts';

const [root = '', name = '', times = '1'] = process.argv.slice(2);
for (let i = 0; i < Number(times); i++) {
  const unblind = { what: `expgraph compare ${name}-${i}`, reason: null };
  const world = { ...testWorld(root, { USER: name }), given: { folders: [], file: null, unblind } };
  await withheldNow(world, { root, redact: (text) => text });
}
