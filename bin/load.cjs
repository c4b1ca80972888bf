// Loads the release, which is one file. Beside it lies what V8 has compiled of it, which saves a third of the time until the
// first row; it holds for one version of Node.js on one kind of machine, and where it is missing, V8 compiles again.
'use strict';
const { readFileSync } = require('node:fs');
const { wrap } = require('node:module');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

const folder = join(__dirname, '../dist');
const filename = join(folder, 'ctsync.cjs');
const compiled = join(folder, `ctsync-${process.version}-${process.arch}.compiled`);

// A million flows leave much garbage and nothing that stays: a small young generation, which does not grow, saves memory and
// costs no time. Before anything is compiled, because what was compiled with other flags is not taken.
setFlagsFromString('--optimize-for-size');
setFlagsFromString('--semi-space-growth-factor=1');

const source = contentOf(filename);
if (source === undefined) {
  process.stderr.write(`Error: ${filename} is missing.\n  next:    In a clone, run "npm run build" first.\n`);
  process.exit(1);
}
const cachedData = contentOf(compiled);
const script = new Script(wrap(source.toString()), { filename, ...(cachedData && { cachedData }) });
const release = { exports: {} };
script.runInThisContext()(release.exports, require, release, filename, folder);

module.exports = release.exports;

/** For the build, to be written into the file beside the release: all that has been compiled until now. */
module.exports.codeCache = {
  path: compiled,
  taken: script.cachedDataRejected === false,
  make: () => script.createCachedData(),
};

function contentOf(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
