import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { COLLECTORS } from '../../src/model/metrics.js';
import { METRICS } from '../../src/model/metric-families.js';
import { run } from '../lab/run.js';
import { missingTools } from '../support/missing-tools.js';
import { skipFor } from '../support/skip.js';

const RULES = ['ctsync-recording.yml', 'ctsync-alerts.yml', 'ctsync-tests.yml'];
const ALL = [...RULES, 'ctsync-dashboard.json'];
const contrib = (name: string): string =>
  readFileSync(new URL(`../../contrib/prometheus/${name}`, import.meta.url), 'utf8');
const document = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');

describe('contract: docs/metrics.md', () => {
  it('has every family with its type, unit, labels, meaning and source, and no other', () => {
    const rows = [...document.matchAll(/^\| `(\w+)` \| .*$/gm)].map(([row]) => row);
    const written = Object.entries(METRICS).map(([name, { type, unit = '', labels, help, source }]) =>
      [`| \`${name}\``, type, unit, labels.map((label) => `\`${label}\``).join(', '), help, `${source} |`].join(' | '),
    );
    expect(rows).to.deep.equal(written);
  });

  it('names every collector', () => {
    for (const collector of COLLECTORS) expect(document).to.include(`\`${collector}\``);
  });

  it('names no metric that does not exist', () => {
    for (const name of metricsIn(document)) expect(Object.keys(METRICS)).to.include(name);
  });
});

describe('contract: the catalogue of metrics', () => {
  for (const [name, { type, unit, help }] of Object.entries(METRICS)) {
    it(`${name} is called as Prometheus wants it`, () => {
      expect(name).to.match(/^(?:nf_conntrack|conntrackd|ctsync)_[a-z_]+$/);
      expect(name.endsWith('_total')).to.equal(type === 'counter');
      expect(name.endsWith('_info')).to.equal(type === 'info');
      if (unit !== undefined) expect(name.replace(/_total$/, '')).to.match(new RegExp(`_${unit}$`));
      // Neither format would have it escaped.
      expect(help).to.match(/^[A-Z][^\\"\n]*[^.]$/);
    });
  }

  it('has no label for what there may be any number of', () => {
    const labels = new Set(Object.values(METRICS).flatMap((metric) => metric.labels));
    for (const unbounded of ['src', 'dst', 'sport', 'dport', 'port', 'address', 'id', 'mark', 'zone', 'pid'])
      expect([...labels]).to.not.include(unbounded);
  });
});

describe('contract: contrib/prometheus', () => {
  for (const name of ALL) {
    it(`${name} asks for metrics that exist, and for no others`, () => {
      const recorded = [...contrib('ctsync-recording.yml').matchAll(/record: (\S+)/g)].map(([, rule]) => rule);
      const found = metricsIn(contrib(name).replaceAll('\\"', '"'));
      expect(found).to.not.have.length(0);
      for (const metric of found) expect([...Object.keys(METRICS), ...recorded]).to.include(metric);
    });
  }

  it('every alert is tested, says what it is about and what to do', () => {
    const alerts = [...contrib('ctsync-alerts.yml').matchAll(/- alert: (\w+)\n([^]*?)(?=\n\s*(?:#|- )|\n\n|$)/g)];
    expect(alerts).to.have.length.above(15);
    for (const [, alert, text] of alerts) {
      expect(contrib('ctsync-tests.yml'), alert).to.include(`alertname="${alert}"`);
      expect(text).to.match(/severity: (?:info|warning|critical)/);
      expect(text)
        .to.match(/summary: '.*\.'/)
        .and.to.match(/description: '.*\.'/);
    }
  });

  it('the dashboard is one that Grafana takes: panels with places of their own, in rows', () => {
    const { panels } = JSON.parse(contrib('ctsync-dashboard.json')) as {
      panels: { id: number; gridPos: { x: number; y: number; w: number; h: number }; targets?: { expr: string }[] }[];
    };
    expect(new Set(panels.map(({ id }) => id)).size).to.equal(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).to.equal(cells.length);
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).to.be.at.most(24);
  });

  describe('says promtool', () => {
    before(function () {
      skipFor(this, missingTools('the tests of rules need', ['promtool']));
    });
    const promtool = (...args: string[]) =>
      run(['promtool', ...args], { cwd: new URL('../../contrib/prometheus', import.meta.url).pathname });

    it('the rules are rules', async () => {
      const { code, stderr } = await promtool('check', 'rules', ...RULES.slice(0, 2));
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    });

    it('their tests pass', async () => {
      const { code, stdout, stderr } = await promtool('test', 'rules', 'ctsync-tests.yml');
      expect(code, stdout + stderr).to.equal(0);
    });
  });
});

describe('contract: contrib/systemd', () => {
  it('is taken by systemd without a complaint', async function () {
    skipFor(this, missingTools('the check of units needs', ['systemd-analyze']));
    const folder = new URL('../../contrib/systemd/', import.meta.url).pathname;
    // Whether ctsync is installed on this machine is not the question.
    const script = `units=$(mktemp -d); trap 'rm -r "$units"' EXIT
      cp ${folder}*.timer "$units"; sed 's#ExecStart=ctsync#ExecStart=/bin/true#' ${folder}ctsync-metrics.service > "$units/ctsync-metrics.service"
      systemd-analyze verify --recursive-errors=one "$units"/ctsync-metrics.*`;
    const { code, stdout, stderr } = await run(['sh', '-c', script]);
    expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: '', stderr: '' });
  });
});

/** The names of metrics and of recorded rules in a text; names of alerts, files and things of Grafana are none. */
function metricsIn(text: string): string[] {
  const names = [
    ...text.matchAll(/(?<![\w:$/.-])(?:instance\w*:)?(?:nf_conntrack|conntrackd|ctsync)_\w+(?::\w+)?(?![\w*])/g),
  ];
  return [...new Set(names.map(([name]) => name))].filter((name) => !/_(?:max|metrics)$/.test(name));
}
