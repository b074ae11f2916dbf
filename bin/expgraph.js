#!/usr/bin/env node
// The entry: refuses an old Node in one sentence before any newer syntax is parsed, then hands over to dist/cli/main.js.
var major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    'expgraph needs Node 24 or newer; this is Node ' + process.versions.node +
    '. Install it (for one project: npm i -D node@24) and try again.\n'
  );
  process.exit(2);
}
import('node:module')
  .then(function (m) {
    // Compiled code is kept between starts: it takes a third off the time that the libraries need to load.
    if (m.enableCompileCache) m.enableCompileCache();
    return import('../dist/cli/main.js');
  })
  .then(function (cli) {
    return cli.main();
  })
  .catch(function (error) {
    process.stderr.write('expgraph could not start: ' + ((error && error.stack) || error) + '\n');
    process.exit(2);
  });
