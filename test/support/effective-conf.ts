import ipaddr from 'ipaddr.js';
import type { ConntrackdConf, EventFilter, LinkConf, SyncConf } from '../../src/model/conntrackd-conf.js';

/**
 * What of a configuration decides how conntrackd works, with the fields alone that another one has, too: what the other leaves to
 * conntrackd may be written in this one.
 */
export function effective(conf: ConntrackdConf, wanted: ConntrackdConf): unknown {
  const { sync } = wanted;
  return {
    general: picked({ ...conf.general, filter: sortedFilter(conf.general.filter) }, wanted.general),
    helper: conf.helper,
    ...(sync
      ? { sync: { ...picked(sortedExpectations(conf.sync), sync), mode: conf.sync?.mode ?? 'ftfw', links: undefined } }
      : {}),
    links: ordered(conf.sync?.links ?? []).map((link, index) => picked(link, ordered(sync?.links ?? [])[index] ?? {})),
  };
}

/** The one that conntrackd uses first, then the others. */
function ordered(links: readonly LinkConf[]): Omit<LinkConf, 'default'>[] {
  const marked = links.findLast((link) => link.default);
  const all = marked === undefined ? links : [marked, ...links.filter((link) => link !== marked)];
  return all.map(({ default: _default, ...link }) => link);
}

function picked(fields: object, wanted: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name in wanted));
}

function sortedFilter(filter: EventFilter = {}): object {
  const { protocols, addresses, states } = filter;
  const texts = addresses?.addresses.map(
    ({ address, prefix_length: length }) => `${ipaddr.parse(address).toString()}/${length}`,
  );
  return {
    from: filter.from ?? 'userspace',
    ...(protocols ? { protocols: { policy: protocols.policy, names: sorted(protocols.names) } } : {}),
    ...(addresses ? { addresses: { policy: addresses.policy, addresses: sorted(texts ?? []) } } : {}),
    ...(states ? { states } : {}),
  };
}

function sortedExpectations(sync: Partial<SyncConf> = {}): object {
  const { expectation_sync: names } = sync;
  return { ...sync, ...(Array.isArray(names) ? { expectation_sync: sorted(names) } : {}) };
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
