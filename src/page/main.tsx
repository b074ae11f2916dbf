// Where the page begins: out of a file that has its data inside, or asking the server that it came from.
import { App, revisions } from './app.tsx';
import { fileSource, readInside } from './base/file-source.ts';
import { httpSource, takeToken } from './base/http-source.ts';
import { listenToKeys } from './base/keys.ts';
import { render } from './base/preact.ts';
import { listenToRoute } from './base/route.ts';
import { followTheme } from './base/theme.ts';
import './page.css';

// Taken before the address is read.
const token = takeToken();
const inside = await readInside();
const source = inside === null ? httpSource(token) : fileSource(inside);
followTheme();
listenToRoute();
listenToKeys();
source.onChange((revision) => {
  revisions.value = revision;
});
const app = document.getElementById('app')!;
// A file from disk says there what it can without script.
app.replaceChildren();
render(<App source={source} revision={revisions} />, app);
