import { expect } from 'chai';
import type { MetricFamily } from '../../src/model/metrics.js';
import { renderOpenMetrics } from '../../src/renderers/openmetrics.js';
import { renderPrometheus } from '../../src/renderers/prometheus.js';

const FAMILIES: MetricFamily[] = [
  { name: 'nf_conntrack_entries', samples: [{ labels: {}, value: 7 }] },
  { name: 'conntrackd_info', samples: [{ labels: { version: '1.4.7', mode: 'ftfw' }, value: 1 }] },
  {
    name: 'conntrackd_link_bytes_total',
    samples: [
      { labels: { link: '1', device: 'eth0', direction: 'sent' }, value: 18446744073709551615n },
      { labels: { link: '1', device: 'eth0', direction: 'received' }, value: 0 },
    ],
  },
];

describe('renderers/prometheus and openmetrics', () => {
  it('write the classic text format', () => {
    expect(renderPrometheus(FAMILIES)).to
      .equal(`# HELP nf_conntrack_entries Flows in the table of this network namespace, of both families
# TYPE nf_conntrack_entries gauge
nf_conntrack_entries 7
# HELP conntrackd_info Version of the installed conntrackd, and the mode of its configuration
# TYPE conntrackd_info gauge
conntrackd_info{version="1.4.7",mode="ftfw"} 1
# HELP conntrackd_link_bytes_total Bytes over the dedicated link
# TYPE conntrackd_link_bytes_total counter
conntrackd_link_bytes_total{link="1",device="eth0",direction="sent"} 18446744073709551615
conntrackd_link_bytes_total{link="1",device="eth0",direction="received"} 0
`);
  });

  it('write OpenMetrics, whose families are called otherwise than their samples', () => {
    expect(renderOpenMetrics(FAMILIES)).to.equal(`# TYPE nf_conntrack_entries gauge
# HELP nf_conntrack_entries Flows in the table of this network namespace, of both families
nf_conntrack_entries 7
# TYPE conntrackd info
# HELP conntrackd Version of the installed conntrackd, and the mode of its configuration
conntrackd_info{version="1.4.7",mode="ftfw"} 1
# TYPE conntrackd_link_bytes counter
# UNIT conntrackd_link_bytes bytes
# HELP conntrackd_link_bytes Bytes over the dedicated link
conntrackd_link_bytes_total{link="1",device="eth0",direction="sent"} 18446744073709551615
conntrackd_link_bytes_total{link="1",device="eth0",direction="received"} 0
# EOF
`);
  });

  it('write nothing where there is nothing, and an end all the same', () => {
    expect(renderPrometheus([])).to.equal('');
    expect(renderOpenMetrics([])).to.equal('# EOF\n');
  });

  it('let nothing out of a label, whatever it holds', () => {
    const device = 'e"\\\n\r\u0000\u0005\u009b31m\u202e';
    const [line] = renderPrometheus([
      { name: 'conntrackd_link_active', samples: [{ labels: { device }, value: 1 }] },
    ]).match(/^conntrackd_link_active.*\n/m)!;
    expect(line).to.equal(
      'conntrackd_link_active{device="e\\"\\\\\\\\x0a\\\\x0d\\\\x00\\\\x05\\\\x9b31m\\\\u202e"} 1\n',
    );
  });
});
