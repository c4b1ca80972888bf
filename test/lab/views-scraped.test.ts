import { expect } from 'chai';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Service } from './service.js';
import { ask, linksRunning, page, pairFor } from './views-support.js';
import type { Place } from './views-support.js';
import { figureOf, readExposition, type WrittenFamily } from '../support/exposition.js';
import { missingTools } from '../support/missing-tools.js';
import { skipFor } from '../support/skip.js';

const PROMETHEUS = 9090;
const EXPORTERS = { r1: 9101, r2: 9102 } as const;
const ROUTERS = ['r1', 'r2'] as const;

const OPENMETRICS = 9103;
/** Serves a file as OpenMetrics, which Prometheus reads by its content type alone. */
const SERVE = `
const { readFileSync } = require('node:fs');
require('node:http').createServer((_, answer) => {
  answer.setHeader('Content-Type', 'application/openmetrics-text; version=1.0.0; charset=utf-8');
  answer.end(readFileSync(process.argv[1]));
}).listen(${OPENMETRICS}, '127.0.0.1')`;

/** Prints what is at an address; a program of its own, because the namespace is another one. */
const FETCH = 'fetch(process.argv[1]).then((answer) => answer.text()).then(console.log)';

/** A figure as Prometheus gives it for a query. */
interface Scraped {
  metric: Record<string, string>;
  value: [time: number, figure: string];
}

describe('the metrics of a live pair, by way of node_exporter and Prometheus', function () {
  this.timeout(60_000);
  before(function () {
    skipFor(this, missingTools('the way of metrics needs', ['prometheus', 'prometheus-node-exporter']));
  });
  const pair = pairFor();
  const services: Service[] = [];
  const folderOf = (router: 'r1' | 'r2'): string => pair()[router].file('textfile');

  before(async () => {
    const lab = pair();
    await linksRunning(lab);
    await lab.traffic.tcp({ count: 3 });
    for (const router of ROUTERS) await mkdir(folderOf(router));
    const config = join(lab.folder, 'prometheus.yml');
    await writeFile(config, configuration());
    // In the namespace that has no rules: what they say to each other is no flow of the pair's.
    const start = (name: string, argv: string[]): void => {
      const service = new Service(lab.namespaces.net, argv, join(lab.folder, `${name}.log`));
      services.push(service);
      service.start();
    };
    for (const router of ROUTERS)
      start(`node-exporter-${router}`, [
        'prometheus-node-exporter',
        '--collector.disable-defaults',
        '--collector.textfile',
        `--collector.textfile.directory=${folderOf(router)}`,
        `--web.listen-address=127.0.0.1:${EXPORTERS[router]}`,
      ]);
    await writeFile(join(lab.folder, 'openmetrics'), '# EOF\n');
    start('openmetrics', [process.execPath, '-e', SERVE, join(lab.folder, 'openmetrics')]);
    start('prometheus', [
      'prometheus',
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(lab.folder, 'prometheus')}`,
      `--web.listen-address=127.0.0.1:${PROMETHEUS}`,
    ]);
    await lab.waitFor(async () => (await get('/-/ready')).includes('Ready'), { what: 'Prometheus to be ready' });
  });
  after(() => Promise.all(services.map((service) => service.stop())));

  async function get(path: string): Promise<string> {
    const url = `http://127.0.0.1:${PROMETHEUS}${path}`;
    const { stdout } = await pair().exec('net', [process.execPath, '-e', FETCH, url]);
    return stdout;
  }

  async function query(expression: string): Promise<Scraped[]> {
    const answer = await get(`/api/v1/query?query=${encodeURIComponent(expression)}`);
    return (JSON.parse(answer) as { data: { result: Scraped[] } }).data.result;
  }

  /** Writes the file of a router, and waits until Prometheus has it. */
  async function collected(router: 'r1' | 'r2', flags = ''): Promise<Map<string, WrittenFamily>> {
    const place: Place = { lab: pair(), router };
    const file = join(folderOf(router), 'ctsync.prom');
    await ask(place, `export prometheus --timeout 1 --textfile ${file}${flags}`);
    const families = readExposition(await readFile(file, 'utf8'));
    await arrived(router, families);
    return families;
  }

  async function arrived(instance: string, families: ReadonlyMap<string, WrittenFamily>): Promise<void> {
    const written = figureOf(families, 'ctsync_collection_timestamp_seconds');
    const time = `ctsync_collection_timestamp_seconds{instance="${instance}"}`;
    await pair().waitFor(async () => Number((await query(time))[0]?.value[1]) === written, {
      what: 'Prometheus to have the metrics',
    });
  }

  async function expectScraped(instance: string, families: ReadonlyMap<string, WrittenFamily>): Promise<void> {
    const scraped = await query(`{__name__=~"(?:nf_conntrack|conntrackd|ctsync)_.*",instance="${instance}"}`);
    const written = [...families.values()].flatMap(({ samples }) => samples);
    expect(scraped.map(inOwnWords).sort()).to.deep.equal(
      written.map(({ name, labels, value }) => inOneLine(name, labels, value)).sort(),
    );
  }

  async function metadataOf(metric: string): Promise<Record<string, unknown[]>> {
    return (JSON.parse(await get(`/api/v1/metadata?metric=${metric}`)) as { data: Record<string, unknown[]> }).data;
  }

  it('come out as they went in: every figure of both nodes, and none beside them', async () => {
    for (const router of ROUTERS) {
      const families = await collected(router, ' --flows');
      await expectScraped(router, families);
    }
  });

  it('come out of OpenMetrics, too, as they went in', async () => {
    const text = await page({ lab: pair(), router: 'r1' }, 'export openmetrics --flows');
    await writeFile(join(pair().folder, 'openmetrics'), text);
    const families = readExposition(text);
    await arrived('openmetrics', families);
    await expectScraped('openmetrics', families);
    const [metadata] = Object.values(await metadataOf('conntrackd_link_bytes'));
    expect(metadata?.[0]).to.deep.equal({ type: 'counter', unit: 'bytes', help: 'Bytes over the dedicated link' });
  });

  it('are read without an error, from a file that node_exporter finds', async () => {
    for (const router of ROUTERS) {
      expect((await query(`node_textfile_scrape_error{instance="${router}"}`))[0]?.value[1]).to.equal('0');
      const [file, ...others] = await query(`node_textfile_mtime_seconds{instance="${router}"}`);
      expect(others).to.deep.equal([]);
      expect(file?.metric['file']).to.equal(join(folderOf(router), 'ctsync.prom'));
    }
  });

  it('lie within what conntrackd says of itself before and after', async () => {
    const lab = pair();
    const sent = async (): Promise<number> => Number(/(\d+) Pckts sent/.exec(await lab.r1.ask('-s', 'link'))?.[1]);
    const before = await sent();
    await collected('r1');
    const after = await sent();
    const [scraped] = await query('conntrackd_link_packets_total{instance="r1",direction="sent"}');
    expect(Number(scraped?.value[1])).to.be.within(before, after);
    expect((await query('sum(ctsync_role{role="master",job="firewalls"})'))[0]?.value[1]).to.equal('1');
  });

  it('raise the alert of contrib where the daemon is down, and say what is left', async () => {
    await pair().r2.conntrackd.stop();
    await collected('r2');
    const down = (): Promise<Scraped[]> => query('ALERTS{instance="r2",alertname="ConntrackdDown"}');
    const [alert] = await pair().waitFor(async () => (await down()).length > 0 && down(), { what: 'the alert' });
    expect(alert?.metric).to.include({ severity: 'critical', job: 'firewalls' });
    expect(await query('conntrackd_cache_entries{instance="r2"}')).to.deep.equal([]);
    expect(await query('ALERTS{instance="r1",alertstate="firing"}')).to.deep.equal([]);
    expect(await page({ lab: pair(), router: 'r1' }, 'export prometheus')).to.include('conntrackd_up 1\n');
  });
});

function inOneLine(name: string, labels: Readonly<Record<string, string>>, figure: string): string {
  return `${name}${JSON.stringify(Object.entries(labels).sort())} ${String(Number(figure))}`;
}

/** A scraped figure without the labels of the scraping. */
function inOwnWords({ metric, value: [, figure] }: Scraped): string {
  const { __name__: name = '', job: _job, instance: _instance, ...labels } = metric;
  return inOneLine(name, labels, figure);
}

function configuration(): string {
  const rules = new URL('../../contrib/prometheus/', import.meta.url).pathname;
  const targets = ROUTERS.map(
    (router) => `
      - targets: ['127.0.0.1:${EXPORTERS[router]}']
        labels: { instance: ${router} }`,
  );
  return `
global: { scrape_interval: 500ms, evaluation_interval: 500ms }
rule_files: ['${rules}ctsync-recording.yml', '${rules}ctsync-alerts.yml']
scrape_configs:
  - job_name: firewalls
    static_configs:${targets.join('')}
  - job_name: openmetrics
    static_configs:
      - targets: ['127.0.0.1:${OPENMETRICS}']
        labels: { instance: openmetrics }
`;
}
