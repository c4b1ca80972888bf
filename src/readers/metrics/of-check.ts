import { CHECK_CODES, NO_THRESHOLDS } from '../../model/check.js';
import { Failure } from '../../model/failure.js';
import type { NodeSample } from '../../model/node-observation.js';
import type { SourceOptions } from '../../sources/options.js';
import { checkKernel, checkSync } from '../../sync/check/checks.js';
import { healthOf } from '../../sync/health.js';
import { daemonProcess } from '../daemon-process.js';
import { observeOnce } from '../node/node.js';
import { parsePage } from '../statistics/pages.js';
import type { HostMaterial, Material } from '../status/material.js';
import { statusOf } from '../status/sync-status.js';
import type { MetricPage } from './daemon-pages.js';
import type { MetricSet } from './metric-set.js';

/** What the daemon has answered, page by page, or why not; a page that was not asked for is absent. */
export type DaemonAnswers = Partial<Record<MetricPage, Material>>;

const UNASKED = { missing: 'not asked for metrics' };

/** The verdicts of both checks by one sample: what rises is left to whoever stores the metrics. */
export async function checkMetrics(
  host: HostMaterial,
  answers: DaemonAnswers,
  options: SourceOptions,
  metrics: MetricSet,
): Promise<void> {
  const { runtime = UNASKED, link: links = UNASKED } = answers;
  const { basis } = await statusOf({
    ...host,
    general: UNASKED,
    runtime,
    links,
    daemonProcess: (path) => daemonProcess(path, options.place),
  });
  const node = await observeOnce(basis, { ...pagesOf(answers), ...basis.pages }, options);
  const sync = checkSync(node, healthOf(node), NO_THRESHOLDS);
  const kernel = checkKernel(node, NO_THRESHOLDS);
  metrics.add('ctsync_check_status', CHECK_CODES[sync.status], { check: 'conntrack-sync' });
  metrics.add('ctsync_check_status', CHECK_CODES[kernel.status], { check: 'conntrack' });
}

/** The pages that rules ask for beside those of a status. One that can't be read has its own collector to say so. */
function pagesOf(answers: DaemonAnswers): NodeSample['pages'] {
  const pages: NodeSample['pages'] = {};
  for (const page of ['cache', 'network', 'queue'] as const) {
    const answer = answers[page];
    if (answer === undefined || 'missing' in answer || answer.text === '') continue;
    try {
      Object.assign(pages, parsePage(page, answer.text));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
  return pages;
}
