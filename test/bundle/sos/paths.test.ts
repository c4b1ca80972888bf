import { expect } from 'chai';
import fc from 'fast-check';
import { isNeeded, mayLead, resolvedInside } from '../../../src/bundle/sos/paths.js';

const LINKS = new Map([
  ['proc/net', 'self/net'],
  ['proc/self', '13549'],
  ['hostname', 'sos_commands/host/hostname'],
  ['sos_commands/conntrack/long', '../../sos_strings/conntrack/long.tailed'],
  ['absolute', '/etc/conntrackd'],
  ['out', '../../../etc/shadow'],
  ['circle', 'other'],
  ['other', 'circle'],
]);

const resolved = (path: string, links: ReadonlyMap<string, string> = LINKS): string | undefined =>
  resolvedInside(path, (at) => links.get(at));

describe('paths in a report of sos', () => {
  it('are followed through links between folders', () => {
    expect(resolved('proc/net/stat/nf_conntrack')).to.equal('proc/13549/net/stat/nf_conntrack');
    expect(resolved('sos_commands/conntrack/long')).to.equal('sos_strings/conntrack/long.tailed');
    expect(resolved('hostname')).to.equal('sos_commands/host/hostname');
    expect(resolved('etc/conntrackd/conntrackd.conf')).to.equal('etc/conntrackd/conntrackd.conf');
  });

  it('never lead out: an absolute one begins at the top, one that goes up from there or in circles leads nowhere', () => {
    expect(resolved('absolute/conntrackd.conf')).to.equal('etc/conntrackd/conntrackd.conf');
    expect(resolved('out')).to.equal(undefined);
    expect(resolved('circle')).to.equal(undefined);
    expect(resolved('..')).to.equal(undefined);
  });

  it('never lead out, whatever the links are', () => {
    const part = fc.constantFrom('a', 'b', 'c', '..', '.', '');
    const path = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'));
    const links = fc.array(fc.tuple(path, path), { maxLength: 6 }).map((pairs) => new Map(pairs));
    fc.assert(
      fc.property(path, links, (from, map) => {
        const reached = resolved(from, map);
        if (reached === undefined) return;
        expect(reached.startsWith('/')).to.equal(false);
        for (const each of reached.split('/')) expect(['', '.', '..']).not.to.include(each);
      }),
    );
  });

  it('that are read are those of connection tracking', () => {
    for (const path of [
      'sos_commands/conntrack/conntrack_-L_-o_extended',
      'sos_commands/conntrack/ip_netns_exec_blue_conntrack_-S',
      'sos_commands/conntrackd/conntrackd_-s_ct',
      'sos_strings/conntrack/conntrack_-L_-o_extended.tailed',
      'sos_commands/networking/namespaces/blue/ip_netns_exec_blue_sysctl_-a',
      'proc/13549/net/stat/nf_conntrack',
      'etc/conntrackd/conntrackd.conf',
    ]) {
      expect(isNeeded(path), path).to.equal(true);
    }
    for (const path of [
      'etc/shadow',
      'sos_commands/kernel/dmesg',
      'var/log/messages',
      'sos_commands/host/hostname_-f',
    ]) {
      expect(isNeeded(path), path).to.equal(false);
    }
    expect(mayLead('proc/net')).to.equal(true);
    expect(mayLead('lib')).to.equal(false);
  });
});
