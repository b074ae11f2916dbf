// Where the page begins: out of a file that has its data inside, or asking the server that it came from.
import { App, revisions } from './app.tsx';
import { fileSource, readInside } from './base/file-source.ts';
import { httpSource } from './base/http-source.ts';
import { askFilesOf } from './base/input-files.ts';
import { listenToKeys } from './base/keys.ts';
import { render } from './base/preact.ts';
import { listenToRoute, startAt } from './base/route.ts';
import { followTheme } from './base/theme.ts';
import { takeToken } from './base/token.ts';
import './page.css';

followTheme();
// Taken before the address is read.
takeToken();
// An address that was printed anew, opened in a window that has an older one.
addEventListener('hashchange', () => takeToken() && location.reload());
const inside = await readInside();
const source = inside === null ? httpSource() : fileSource(inside);
askFilesOf(source);
startAt(source.holds('report') ? 'report' : source.holds('matrix') ? 'matrix' : 'review');
listenToRoute();
listenToKeys();
source.onChange((revision) => {
  revisions.value = revision;
});
const app = document.getElementById('app')!;
// A file from disk says there what it can without script.
app.replaceChildren();
render(<App source={source} revision={revisions} />, app);
