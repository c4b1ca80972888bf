import { expect } from 'chai';
import { parseTrackingSysctls } from '../../src/parsers/sysctl.js';
import { capturedReport } from '../support/sos-report.js';

const CAPTURED = capturedReport('sos-4.9.1').files.get('sos_commands/kernel/sysctl_-a')!.toString();

describe('parseTrackingSysctls', () => {
  it('reads the settings and counts of connection tracking', () => {
    const settings = parseTrackingSysctls(CAPTURED);
    expect(settings.get('nf_conntrack_count')).to.equal('29');
    expect(settings.get('nf_conntrack_max')).to.equal('262144');
    expect(settings.get('nf_conntrack_acct')).to.equal('1');
    expect([...settings.keys()].filter((name) => !name.startsWith('nf_conntrack_'))).to.deep.equal([]);
  });

  it('takes no half of a number, and none of two', () => {
    expect([...parseTrackingSysctls('net.netfilter.nf_conntrack_count = 2')]).to.deep.equal([]);
    const twice = 'net.netfilter.nf_conntrack_max = 1\nnet.netfilter.nf_conntrack_max = 2\n';
    expect([...parseTrackingSysctls(twice)]).to.deep.equal([]);
    expect([...parseTrackingSysctls('net.netfilter.nf_conntrack_max = 12a\n')]).to.deep.equal([]);
  });
});
