import { expect } from 'chai';
import { parseSettings } from '../../src/parsers/settings.js';
import { capturedBundle } from '../support/captured-bundles.js';

describe('parsers/settings', () => {
  const text = (name: string): string => capturedBundle('a').get(`node1/kernel/${name}`)!.toString('latin1');

  it('reads the sysctls of a kernel by their names', () => {
    const { values, unreadable } = parseSettings(text('sysctl.txt'));
    expect(unreadable).to.equal(0);
    expect(values.size).to.equal(text('sysctl.txt').split('\n').length - 1);
    expect(values.get('net.netfilter.nf_conntrack_max')).to.equal('262144');
    expect(values.get('net.netfilter.nf_conntrack_udp_timeout')).to.equal('120');
  });

  it('reads the parameters of a module, and the buffers', () => {
    expect(parseSettings(text('module.txt')).values.get('nf_conntrack.hashsize')).to.equal('262144');
    const { values, unreadable } = parseSettings(text('buffers.txt'));
    expect(unreadable).to.equal(0);
    expect(values.get('net.core.rmem_max')).to.match(/^\d+$/);
  });

  it('leaves out a last line without its end, and lines that have run into each other', () => {
    const { values, unreadable } = parseSettings('/proc/sys/a/b:1\n/proc/sys/a/c:2/proc/sys/a/d:3\n/proc/sys/a/e:45');
    expect([...values]).to.deep.equal([['a.b', '1']]);
    expect(unreadable).to.equal(2);
  });

  it('keeps an empty value, and puts the lines of one setting together', () => {
    const { values } = parseSettings('/proc/sys/a/b:\n/proc/sys/a/c:1\n/proc/sys/a/c:2\n');
    expect(Object.fromEntries(values)).to.deep.equal({ 'a.b': '', 'a.c': '1 2' });
  });

  it('has nothing in an empty text', () => {
    expect(parseSettings('')).to.deep.equal({ values: new Map(), unreadable: 0 });
  });
});
