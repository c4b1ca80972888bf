import { expect } from 'chai';
import type { DaemonRuntime } from '../../src/model/runtime.js';
import type { SyncStatus } from '../../src/model/sync-status.js';
import { Collection } from '../../src/readers/metrics/collection.js';
import { MetricSet } from '../../src/readers/metrics/metric-set.js';
import { queueMetrics, runtimeMetrics } from '../../src/readers/metrics/of-daemon.js';
import { roleMetrics } from '../../src/readers/metrics/of-pair.js';
import { Failure } from '../../src/model/failure.js';
import { failureOf } from '../support/failures.js';

/** The figures of a metric, by the values of its labels. */
function figures(metrics: MetricSet, name: string): Record<string, unknown> {
  const samples = metrics.inOrder().find((family) => family.name === name)?.samples ?? [];
  return Object.fromEntries(samples.map(({ labels, value }) => [Object.values(labels).join(' '), value]));
}

function gathered(gather: (metrics: MetricSet) => void): MetricSet {
  const metrics = new MetricSet();
  gather(metrics);
  return metrics;
}

function runtimeWith(runtime: DaemonRuntime['runtime']): DaemonRuntime {
  return { netlink: {}, runtime };
}

const STATUS: SyncStatus = { daemon: {}, unavailable: [] };
const group = (sync_group: string) => ({ sync_group, role: 'master' as const, held: [], missing: [] });

describe('readers/metrics', () => {
  it('leave out what is not known, and never have two figures for the same labels', () => {
    const metrics = gathered((set) => {
      set.add('nf_conntrack_entries', undefined);
      set.add('conntrackd_link_active', 1, { link: '1', device: undefined });
      set.add('conntrackd_link_active', 0, { link: '2', device: undefined, pid: '7' });
    });
    expect(metrics.inOrder()).to.deep.equal([
      {
        name: 'conntrackd_link_active',
        samples: [
          { labels: { link: '1' }, value: 1 },
          { labels: { link: '2' }, value: 0 },
        ],
      },
    ]);
    const { code, message } = failureOf(() => metrics.add('conntrackd_link_active', 1, { link: '2' }));
    expect({ code, message }).to.deep.equal({
      code: 'BAD_ANSWER',
      message: 'There are two figures for the metric conntrackd_link_active with the labels {"link":"2"}.',
    });
  });

  it('fail where two sync groups have one name, for nobody could tell their roles apart', () => {
    const roles = [group('EAST'), group('EAST')];
    expect(failureOf(() => roleMetrics({ ...STATUS, roles }, new MetricSet())).code).to.equal('BAD_ANSWER');
  });

  it('have the reason that a status has for a role that is not known', () => {
    const unavailable = [
      { part: 'role', reason: 'not in the capture' },
      { part: 'failover-mechanism', reason: '/etc/k is a folder', code: 'CONFIG_UNREADABLE' as const, next: 'Look.' },
    ];
    const { code, message, next } = failureOf(() => roleMetrics({ ...STATUS, unavailable }, new MetricSet()));
    expect({ code, message, next }).to.deep.equal({
      code: 'CONFIG_UNREADABLE',
      message: 'The failover mechanism is not known: /etc/k is a folder.',
      next: 'Look.',
    });
  });

  it('take apart why children failed, as far as the page tells', () => {
    const of = (all: number, segfault: number, termsig: number) =>
      figures(
        gathered((metrics) =>
          runtimeMetrics(
            runtimeWith({
              child_process_failed: all,
              child_process_segfault: segfault,
              child_process_termsig: termsig,
            }),
            metrics,
          ),
        ),
        'conntrackd_child_failures_total',
      );
    expect(of(7, 1, 2)).to.deep.equal({ segfault: 1, termsig: 2, other: 4 });
    // The sum has wrapped at 32 bits, and its parts have not.
    expect(of(0, 1, 2)).to.deep.equal({ segfault: 1, termsig: 2 });
  });

  it('have a limit for the queues that have one', () => {
    const queue = (name: string, limit: number) => ({ name, elements: 3, limit, no_space: 0 });
    const metrics = gathered((set) => queueMetrics([queue('txqueue', 2147483647), queue('rsqueue', 131072)], set));
    expect(figures(metrics, 'conntrackd_queue_elements_limit')).to.deep.equal({ rsqueue: 131072 });
    expect(figures(metrics, 'conntrackd_resend_queue_length')).to.deep.equal({ '': 3 });
  });

  it('of a collector that fails are left out, all of them; a reason of two is said once', async () => {
    const collection = new Collection();
    for (const collector of ['runtime', 'cache'] as const)
      await collection.run(collector, (metrics) => {
        metrics.add('conntrackd_uptime_seconds', 60);
        throw new Failure('TIMEOUT', 'It said nothing.');
      });
    await collection.run('table', (metrics) => metrics.add('nf_conntrack_entries', 1));
    collection.skip('network');
    const { families, collectors } = collection.conclude();
    expect(families.map(({ name }) => name)).to.deep.equal(['nf_conntrack_entries', 'ctsync_collector_success']);
    expect(collectors.map(({ collector, success }) => `${collector} ${success}`)).to.deep.equal([
      'table true',
      'runtime false',
      'cache false',
      'network false',
    ]);
    expect(collection.failures.map(({ message }) => message)).to.deep.equal(['It said nothing.']);
  });

  it('are none at all where the operator has interrupted', async () => {
    const interrupted = new Collection().run('table', () => {
      throw Failure.interrupted();
    });
    expect(await interrupted.catch((error: Failure) => error.code)).to.equal('INTERRUPTED');
  });
});
