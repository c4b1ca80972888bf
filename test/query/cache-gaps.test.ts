import { expect } from 'chai';
import { notesOnGaps, refuseGaps, type CacheLines } from '../../src/query/cache-gaps.js';
import { parseFilter } from '../../src/query/filter/parse.js';
import type { CacheName } from '../../src/model/dump.js';
import { failureOf } from '../support/failures.js';

/** Where a question has an answer: the internal cache, the kernel's table in its place, the external cache. */
const PLACES: readonly (readonly [place: string, cache: CacheName, lines: CacheLines])[] = [
  ['internal', 'internal', 'cache'],
  ['kernel', 'internal', 'kernel'],
  ['external', 'external', 'cache'],
];

const FILTERS: readonly (readonly [filter: string, answered: string])[] = [
  ['tcp and src net 10.0.0.0/8 and dst port 443 and state established', 'internal kernel external'],
  ['assured and not unreplied and mark 7 and helper ftp and offload', 'internal kernel external'],
  ['host 10.0.0.1 or port 53 or zone 5', 'internal kernel external'],
  ['orig host 10.0.0.1 and orig port 53', 'internal kernel external'],
  ['reply host 10.0.0.1', 'internal kernel'],
  ['reply src net 10.0.0.0/8', 'internal kernel'],
  ['reply dst port 53', 'internal kernel'],
  ['nat', 'internal kernel'],
  ['tcp and not snat', 'internal kernel'],
  ['udp or (tcp and dnat)', 'internal kernel'],
  ['natted-to 192.0.2.1:80', 'internal kernel'],
  ['orig zone 5', 'internal kernel'],
  ['reply zone 5', 'internal kernel'],
  ['bytes eq 0', 'kernel'],
  ['not reply packets gt 10', 'kernel'],
  ['timeout lt 30', 'kernel'],
  ['age gt 1h', 'kernel'],
  ['id 5', ''],
  ['label web', ''],
];

const SORT: readonly (readonly [sort: string, answered: string])[] = [
  ['src,-dst,sport,dport,protocol,state,mark,zone', 'internal kernel external'],
  ['src,-reply-src', 'internal kernel'],
  ['reply_dport', 'internal kernel'],
  ['-bytes', 'kernel'],
  ['orig-packets', 'kernel'],
  ['Reply-Bytes', 'kernel'],
  ['timeout', 'kernel'],
  ['-age', 'kernel'],
  ['id', ''],
];

const COLUMNS: readonly (readonly [columns: string, answered: string])[] = [
  ['source,destination,protocol,state,flags,mark,zone,helper,active_since,expires_in,age', 'internal kernel external'],
  ['src,original_id', 'internal kernel external'],
  ['reply_source', 'internal kernel'],
  ['src,reply-dst', 'internal kernel'],
  ['nat', 'internal kernel'],
  ['original_zone', 'internal kernel'],
  ['bytes', 'kernel'],
  ['original_packets', 'kernel'],
  ['timeout', 'kernel'],
  ['use', 'kernel'],
  ['id', ''],
  ['labels', ''],
];

describe('query/cache-gaps', () => {
  const answeredBy = (wanted: { filter?: string; sort?: string; columns?: string }): string => {
    const { filter, ...others } = wanted;
    const asked = { filter: filter === undefined ? undefined : parseFilter(filter), ...others };
    const places = PLACES.filter(([, cache, lines]) => {
      try {
        refuseGaps(cache, lines, asked);
        return true;
      } catch {
        return false;
      }
    });
    return places.map(([place]) => place).join(' ');
  };

  for (const [filter, answered] of FILTERS)
    it(`--filter ${filter}: ${answered || 'nowhere'}`, () => expect(answeredBy({ filter })).to.equal(answered));
  for (const [sort, answered] of SORT)
    it(`--sort ${sort}: ${answered || 'nowhere'}`, () => expect(answeredBy({ sort })).to.equal(answered));
  for (const [columns, answered] of COLUMNS)
    it(`--columns ${columns}: ${answered || 'nowhere'}`, () => expect(answeredBy({ columns })).to.equal(answered));

  it('names what was asked, why there is no answer, and where there is one', () => {
    const filter = parseFilter('tcp and bytes gt 10M');
    expect(failureOf(() => refuseGaps('internal', 'cache', { filter })).report()).to.deep.equal({
      code: 'USAGE',
      message: '"bytes gt 10M" can not be told from the internal cache: conntrackd keeps no bytes and packets.',
      next: 'Ask "show conntrack table".',
    });
    const asked = { filter: undefined, sort: 'src,-reply-src' };
    expect(failureOf(() => refuseGaps('external', 'cache', asked)).report()).to.deep.equal({
      code: 'USAGE',
      message:
        '--sort -reply-src can not be told from the external cache: conntrackd shows no reply tuple there, so neither replies nor translations are known.',
      next: 'Ask the internal cache of the node that the flows pass, or "show conntrack table" once they are committed.',
    });
  });

  it('says of the external cache what a filter looks for in one direction only', () => {
    const filter = parseFilter('host 10.0.0.1 and not (port 53 or host 10.0.0.1) and src port 1 and zone 5');
    expect(notesOnGaps('external', { filter })).to.deep.equal([
      '"host 10.0.0.1", "port 53": looked for in the original direction only, the external cache has no reply tuple.',
      '"zone 5": a flow with a zone in one direction counts as zone 0, conntrackd does not send that.',
    ]);
    expect(notesOnGaps('internal', { filter })).to.deep.equal([]);
    expect(notesOnGaps('external', { filter: parseFilter('tcp and src port 1') })).to.deep.equal([]);
    expect(notesOnGaps('external', { filter: undefined })).to.deep.equal([]);
  });
});
