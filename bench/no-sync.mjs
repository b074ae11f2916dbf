// Loaded into a measured process: the disk is never asked to keep anything. Only to measure what asking costs.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const done = (_fd, callback) => setImmediate(callback, null);
fs.fsync = done;
fs.fdatasync = done;
fs.fsyncSync = () => {};
fs.fdatasyncSync = () => {};
syncBuiltinESMExports();
