import type { Metric, Thresholds } from '../../model/check.js';
import type { NodeObservation } from '../../model/node-observation.js';
import { type Figure, KERNEL, rateName, SYNC } from './figures.js';

/** A threshold for which there is no figure. */
export interface Unjudged {
  name: string;
  /** Half a sentence. */
  why: string;
  /** It will be no other next time: who gave the threshold believes in a guard that is not there. */
  lasting: boolean;
}

type Why = Omit<Unjudged, 'name'>;

/**
 * The thresholds that the metrics have no figure for, and why. What is missing for want of an earlier sample, or because
 * the daemon does not answer, which is a finding itself, does not last.
 */
export function unjudgedThresholds(
  node: NodeObservation,
  metrics: readonly Metric[],
  { warning, critical }: Thresholds,
): Unjudged[] {
  const figures = [...SYNC, ...KERNEL];
  return [...new Set([...warning.keys(), ...critical.keys()])]
    .filter((name) => !metrics.some((metric) => metric.name === name))
    .map((name) => {
      const figure = figures.find((one) => one.name === name || rateName(one.name) === name);
      return { name, ...(figure === undefined ? whyNotUsed(node) : whyMissing(figure, node)) };
    });
}

function whyMissing(figure: Figure, node: NodeObservation): Why {
  const { before, now, daemonFailure, unread, restarted } = node;
  const { of, page, absent } = figure;
  const isThere = page in now || page in now.pages;
  const unreadable = daemonFailure === undefined ? unread[page] : undefined;
  const ofDaemon = SYNC.includes(figure);
  if (of(now) === undefined) {
    if (ofDaemon && daemonFailure) return { why: 'conntrackd does not give it now', lasting: false };
    return { why: isThere ? absent : (unreadable ?? absent), lasting: true };
  }
  // The figure itself is there: what is missing is its rate.
  if (before === undefined) return { why: unread['before'] ?? 'one sample is no rate', lasting: isCapture(node) };
  if (now.at <= before.at) return { why: 'no time has passed since the earlier sample', lasting: false };
  if (of(before) !== undefined) return { why: 'the counter has fallen since the earlier sample', lasting: false };
  const lacking = 'the earlier sample does not have it';
  return { why: ofDaemon ? (restarted ?? lacking) : lacking, lasting: false };
}

function whyNotUsed({ now, unread }: NodeObservation): Why {
  const why = now.flows === undefined ? (unread['flows'] ?? 'it is not known') : 'the table has no limit';
  return { why, lasting: true };
}

function isCapture({ now }: NodeObservation): boolean {
  return now.at === 0;
}
