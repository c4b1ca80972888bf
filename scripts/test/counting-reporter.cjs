// One of mocha's own reporters, which also leaves the counts of the run for scripts/test.mjs: after each test, since a run
// that is ended from outside may not come to its own end.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

const { CTSYNC_TEST_REPORTER: reporter = 'dot', CTSYNC_TEST_COUNTS: counts } = process.env;

module.exports = class CountingReporter extends reporters[reporter] {
  constructor(runner, options) {
    super(runner, options);
    if (counts === undefined) return;
    const leave = () => {
      const { passes: passed, failures: failed } = runner.stats;
      writeFileSync(counts, JSON.stringify({ passed, failed }));
    };
    for (const event of ['pass', 'fail', 'end']) runner.on(event, leave);
  }
};
