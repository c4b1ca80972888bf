import { expect } from 'chai';
import fc from 'fast-check';
import { changesBetween } from '../../src/config/statements/compare.js';
import { parseStatements } from '../../src/config/statements/parse.js';
import { commandsOf } from '../../src/config/statements/print.js';
import { Failure } from '../../src/model/failure.js';
import { mutated } from '../parsers/conntrackd-conf.mutations.js';
import { configuration } from '../support/sync-configurations.js';

describe('the statements of service conntrack-sync', () => {
  it('are read as they are shown', () => {
    fc.assert(
      fc.property(configuration, (any) => {
        expect(parseStatements(commandsOf(any).join('\n'), 'lines').configuration).to.deep.equal(any);
      }),
    );
  });

  it('that tell two configurations apart make the one of the other', () => {
    fc.assert(
      fc.property(configuration, configuration, (from, to) => {
        const lines = [...commandsOf(from), ...changesBetween(from, to)];
        expect(parseStatements(lines.join('\n'), 'lines').configuration).to.deep.equal(to);
      }),
    );
  });

  it('of a damaged text are refused, or each is one that could have been typed', () => {
    fc.assert(
      fc.property(
        configuration.chain((any) => mutated([commandsOf(any).join('\n')])),
        (text) => {
          let read;
          try {
            read = parseStatements(text, 'lines');
          } catch (error) {
            if (!(error instanceof Failure)) throw error;
            expect(error.code).to.equal('BAD_CAPTURE');
            expect(error.message).to.match(/^lines has a mistake in line \d+: /);
            return;
          }
          const again = parseStatements(commandsOf(read.configuration).join('\n'), 'lines');
          expect(again.configuration).to.deep.equal(read.configuration);
        },
      ),
    );
  });
});
