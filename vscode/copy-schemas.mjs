// The schemas of the repository, put beside the extension when it is packed: an extension reads nothing outside of its own folder.
import { copyFileSync, mkdirSync } from 'node:fs';

const here = new URL('./schemas/', import.meta.url);
mkdirSync(here, { recursive: true });
for (const name of ['experiment.schema.json', 'scenario.schema.json'])
  copyFileSync(new URL(`../schema/${name}`, import.meta.url), new URL(name, here));
