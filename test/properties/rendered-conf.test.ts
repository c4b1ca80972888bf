import { readFileSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { importConntrackdConf } from '../../src/config/import/import.js';
import { renderConntrackdConf } from '../../src/config/render/conntrackd-conf.js';
import { OPTIONS } from '../../src/config/schema/options.js';
import { commandsOf } from '../../src/config/statements/print.js';
import type { ConntrackdConf } from '../../src/model/conntrackd-conf.js';
import { Failure } from '../../src/model/failure.js';
import type { SyncConfiguration } from '../../src/model/sync-configuration.js';
import { parseConntrackdConf } from '../../src/parsers/conntrackd-conf.js';
import { mutated } from '../parsers/conntrackd-conf.mutations.js';
import { effective } from '../support/effective-conf.js';
import { SURROUNDINGS } from '../support/render-surroundings.js';
import { configuration } from '../support/sync-configurations.js';

const FOLDER = new URL('../fixtures/conntrackd-1.4.7/conf/', import.meta.url);
const CAPTURED = readdirSync(FOLDER).map((name) =>
  readFileSync(new URL(name, FOLDER), 'utf8').replaceAll('LAB/', '/lab/'),
);

/** What is set to what holds anyway can not be told from what is not set. */
function withoutDefaults(any: SyncConfiguration): SyncConfiguration {
  const defaults = new Map(OPTIONS.map((option) => [option.key as string, option.default]));
  const kept = Object.entries(any).filter(
    ([key, value]) => defaults.get(key) === undefined || defaults.get(key) !== value,
  );
  const links = any.interface?.map(({ port, ...link }) =>
    port === undefined || port === 3780 ? link : { ...link, port },
  );
  return { ...Object.fromEntries(kept), ...(links ? { interface: links } : {}) };
}

/** Links of one kind, and only what some line of the file can tell. */
const renderable = configuration
  .map((any): SyncConfiguration => {
    const unicast = any.interface?.[0]?.peer !== undefined;
    const links = any.interface?.filter((link) => (link.peer !== undefined) === unicast);
    const { mcast_group: group, listen_address: _listen, interface: _all, ...others } = any;
    const one = links?.[0]?.name === 'eth0' && unicast ? { listen_address: ['10.255.254.2'] } : {};
    const listens = links?.[0]?.peer?.includes(':') ? {} : one;
    return {
      ...others,
      ...(links ? { interface: links } : {}),
      ...(group === undefined || unicast || !links ? {} : { mcast_group: group }),
      ...listens,
    };
  })
  .map((any) => (any.interface ? any : { ...any, sync_queue_size: undefined }))
  .map(
    (any) => Object.fromEntries(Object.entries(any).filter(([, value]) => value !== undefined)) as SyncConfiguration,
  );

describe('conntrackd.conf as it is rendered', () => {
  it('is the same each time, and is read as the same statements', () => {
    fc.assert(
      fc.property(renderable, (any) => {
        const text = renderConntrackdConf(any, SURROUNDINGS);
        expect(renderConntrackdConf(any, SURROUNDINGS)).to.equal(text);
        expect(
          parseConntrackdConf(text, 'c').warnings.filter(({ message }) => !message.includes('helper')),
        ).to.deep.equal([]);
        const { configuration: read } = importConntrackdConf(text, 'c', SURROUNDINGS);
        expect(commandsOf(read)).to.have.members(commandsOf(withoutDefaults(any)));
      }),
    );
  });
});

describe('the import of any conntrackd.conf that the daemon takes', () => {
  it('loses nothing, or refuses it', () => {
    fc.assert(
      fc.property(mutated(CAPTURED), (text) => {
        let wanted: ConntrackdConf;
        try {
          wanted = parseConntrackdConf(text, 'c');
        } catch {
          return;
        }
        try {
          const made = renderConntrackdConf(importConntrackdConf(text, 'c', SURROUNDINGS).configuration, SURROUNDINGS);
          expect(effective(parseConntrackdConf(made, 'c'), wanted)).to.deep.equal(effective(wanted, wanted));
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          expect(error.message).to.equal('c has a statement that can not be kept: a name in it is not plain ASCII.');
        }
      }),
      { numRuns: 500 },
    );
  });
});
