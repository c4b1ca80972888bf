import { expect } from 'chai';
import { recognise } from '../../src/parsers/recognise.js';
import { readArchive } from '../support/archive.js';

const outputs = readArchive(new URL('../fixtures/one-of-each.archive', import.meta.url));

const EXPECTED: Readonly<Record<string, string>> = {
  'conntrack-L/xml.txt': 'conntrack -L -o xml',
  'conntrack-L/expect_xml.txt': 'conntrack -L expect -o xml',
  'conntrack-L/save.txt': 'conntrack -L -o save',
  'conntrack-L/stats.txt': 'conntrack -S',
  'conntrack-L/proc_stat.txt': '/proc/net/stat/nf_conntrack',
  'conntrack-L/count.txt': 'conntrack -C',
  'conntrack-L/expect.txt': 'conntrack -L expect',
  'conntrack-L/extended_id.txt': 'conntrack -L -o extended,id',
  'conntrack-L/plain.txt': 'conntrack -L',
  'ftfw_mcast2/r1.s.txt': 'conntrackd -s',
  'ftfw_udp_noext/r1.s.txt': 'conntrackd -s',
  'notrack_udp_noint/r1.s.txt': 'conntrackd -s',
  'ftfw_mcast2/r1.s_runtime.txt': 'conntrackd -s runtime',
  'ftfw_mcast2/r1.s_link.txt': 'conntrackd -s link',
  'ftfw_mcast2/r1.s_cache.txt': 'conntrackd -s cache',
  'ftfw_mcast2/r1.s_network.txt': 'conntrackd -s network',
  'ftfw_mcast2/r1.s_queue.txt': 'conntrackd -s queue',
  'ftfw_mcast2/r1.s_rsqueue.txt': 'conntrackd -s rsqueue',
  'ftfw_mcast2/r1.i.txt': 'conntrackd -i',
  'ftfw_mcast2/r2.e.txt': 'conntrackd -e',
  'ftfw_mcast2/r1.i_x.txt': 'conntrackd -i -x or -e -x',
  'ftfw_mcast2/r1.i_expect.txt': 'conntrackd -i expect or -e expect',
  'conntrackd-hang/slow_reader_s_process.txt': 'conntrackd -s process',
  'conntrackd-errors/help.txt': "conntrackd's help or version",
  'ftfw_mcast2/r1.conf': 'conntrackd.conf',
  'events/plain.txt': 'conntrack -E',
  'events/ext_id_ts_kts_labels.txt': 'conntrack -E',
  'events/ev_destroy.txt': 'conntrack -E',
};

describe('recognise', () => {
  it('is tried on every kind of output', () => {
    expect([...outputs.keys()].sort()).to.deep.equal(Object.keys(EXPECTED).sort());
  });

  for (const [name, command] of Object.entries(EXPECTED)) {
    it(`knows ${name} for ${command}`, () => {
      expect(recognise(outputs.get(name)!.toString('latin1'))).to.equal(command);
    });
  }

  it('knows sysctls, as sysctl and as grep print them', () => {
    for (const line of [
      'net.netfilter.nf_conntrack_acct = 0\nnet.netfilter.nf_conntrack_count = 42\n',
      '/proc/sys/net/netfilter/nf_conntrack_count:42\n',
    ]) {
      expect(recognise(line)).to.equal('sysctl net.netfilter');
    }
  });

  it('knows a lone number, however its line ends', () => {
    for (const text of ['42', '42\n', '42\r\n', '42\n\n']) expect(recognise(text), text).to.equal('conntrack -C');
    for (const text of ['42 flows\n', '42\n43\n']) expect(recognise(text), text).to.equal(undefined);
  });

  it("knows the lines of /proc from conntrack's", () => {
    const head = 'ipv4     2 udp      17 2999 src=10.0.0.1 dst=192.0.2.1 sport=4000 dport=53 ';
    const flow = `${head}src=192.0.2.1 dst=10.0.0.1 sport=53 dport=4000 [ASSURED] mark=0 `;
    expect(recognise(`${flow}zone=0 use=2\n`)).to.equal('/proc/net/nf_conntrack');
    expect(recognise(`${flow}zone=0 delta-time=12 use=2\n`)).to.equal('/proc/net/nf_conntrack');
    expect(recognise(`${flow}zone=7 use=1\n`)).to.equal('conntrack -L -o extended,id');
    expect(recognise(`${flow}use=1 id=3\n`)).to.equal('conntrack -L -o extended,id');
  });

  it('knows keepalived.conf', () => {
    expect(recognise('global_defs {\n}\nvrrp_sync_group G {\n')).to.equal('keepalived.conf');
  });

  for (const text of ['', 'hello\n', '<html>\n', '\0\xff\n', 'tcp']) {
    it(`knows ${JSON.stringify(text)} for nothing`, () => {
      expect(recognise(text)).to.equal(undefined);
    });
  }
});
