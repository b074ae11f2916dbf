// Loaded ahead of a Node program that expgraph started: it tells which files of the project are read.
'use strict';
const { join } = require('node:path');

// A module of the newer kind is loaded by require from here on without a warning; an older Node is not observed.
const [major, minor] = process.versions.node.split('.').map(Number);
const isNewEnough = major >= 24 || (major === 22 && minor >= 15);
if (isNewEnough && process.env.EXPGRAPH_READS) {
  try {
    require(join(__dirname, '..', 'dist', 'worker', 'child-reads.js'));
  } catch {
    // Not observed, and otherwise as it would be.
  }
}
