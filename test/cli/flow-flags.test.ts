import { expect } from 'chai';
import { withJoinedFilter } from '../../src/cli/flow-flags.js';

describe('cli/flow-flags: a filter in several words', () => {
  for (const [typed, joined] of [
    ['--filter tcp', ['--filter', 'tcp']],
    ['--filter tcp and port 443', ['--filter', 'tcp and port 443']],
    ['--count --filter tcp and port 443 --json', ['--count', '--filter', 'tcp and port 443', '--json']],
    ['--filter=tcp and port 443 --limit 3', ['--filter=tcp and port 443', '--limit', '3']],
    ['--limit 3', ['--limit', '3']],
    ['--filter', ['--filter']],
    ['--filter --count', ['--filter', '--count']],
    ['stray --count', ['stray', '--count']],
  ] as const) {
    it(typed, () => expect(withJoinedFilter(typed.split(' '))).to.deep.equal(joined));
  }
});
