#!/usr/bin/env node
// The entry: refuses an old Node in one sentence before any newer syntax is parsed, then hands over to dist/cli/main.js.
// Older ones of these lines have not all that is used: proxies of the environment came with 22.21 and 24.5.
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || version[0] === 23 || (version[0] === 22 && version[1] < 21) || (version[0] === 24 && version[1] < 5)) {
  process.stderr.write(
    'expgraph needs Node 22.21 or newer of 22, or 24.5 or newer; this is Node ' + process.versions.node +
    '. Install it (for one project: npm i -D node@24) and try again.\n'
  );
  process.exit(2);
}
if (!saidVersion(process.argv.slice(2))) start();

// `--version` alone loads nothing of the program. Where it cannot be written at once, the program does it as everything else.
function saidVersion(words) {
  if (words.length !== 1 || (words[0] !== '--version' && words[0] !== '-V') || process.env.EXPGRAPH_DEBUG) return false;
  var text = require('../package.json').version + '\n';
  try {
    return require('node:fs').writeSync(1, text) === text.length;
  } catch (_) {
    return false;
  }
}

function start() {
  // Compiled code is kept between starts: it takes a third off the time that the libraries need to load.
  require('node:module').enableCompileCache();
  import('../dist/cli/main.js')
    .then(function (cli) {
      return cli.main();
    })
    .catch(function (error) {
      process.stderr.write('expgraph could not start: ' + ((error && error.stack) || error) + '\n');
      process.exit(2);
    });
}
