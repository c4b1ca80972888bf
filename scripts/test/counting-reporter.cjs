// One of mocha's own reporters, which also leaves the counts of the run for scripts/test.mjs.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

const { CTSYNC_TEST_REPORTER: reporter = 'dot', CTSYNC_TEST_COUNTS: counts } = process.env;

module.exports = class CountingReporter extends reporters[reporter] {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes: passed, failures: failed } = runner.stats;
      if (counts !== undefined) writeFileSync(counts, JSON.stringify({ passed, failed }));
    });
  }
};
