import type { Counter } from '../../model/number.js';
import type { Evidence } from '../../model/health.js';
import type { NodeObservation, NodeSample } from '../../model/node-observation.js';
import { risen } from './change.js';
import { modeOf, withoutPages } from './links.js';
import { byPages, type Judged, unjudged } from './rule.js';

const NETWORK_PAGE = 'conntrackd -s network';
const QUEUE_PAGE = 'conntrackd -s queue';

/** Messages between the nodes: what was lost, thrown away, or found no room. A total alone says nothing: only its rise does. */
export const MESSAGE_RULES = byPages([
  { code: 'CTS-301', name: 'messages-lost', severity: 'critical', judge: lost },
  { code: 'CTS-302', name: 'messages-malformed', severity: 'warning', judge: malformed },
  { code: 'CTS-303', name: 'send-errors', severity: 'warning', judge: sendErrors },
  { code: 'CTS-304', name: 'receive-drops', severity: 'warning', judge: receiveDrops },
  { code: 'CTS-305', name: 'queue-full', severity: 'warning', judge: queueFull },
]);

/** By sequence number; a gap of n counts n+2 (formats.md §16). */
export function lostMessages({ pages }: NodeSample): Counter | undefined {
  return pages.main?.messages?.lost;
}

function lost(node: NodeObservation): readonly Judged[] {
  const resent = modeOf(node) === 'ftfw';
  return rise(node, lostMessages, 'main', (value, before) => {
    const evidence = [{ what: 'Lost msgs', value, before, from: 'conntrackd -s' }];
    return hasEnded(node, value) && !resent ? gapOnce(evidence) : goesOn(resent, evidence);
  });
}

/** A daemon that is restarted numbers its messages from the time on (formats.md §14): only FTFW says that it was. */
function hasEnded({ between }: NodeObservation, value: Counter): boolean {
  return between !== undefined && lostMessages(between) === value;
}

function gapOnce(evidence: Evidence[]): Judged {
  return {
    severity: 'information',
    message: 'Messages of the peer are missing, and none since: a restart of its conntrackd leaves such a gap, too.',
    evidence,
    next: 'Nothing where it was restarted; otherwise have it send all again: conntrackd -n.',
  };
}

function goesOn(resent: boolean, evidence: Evidence[]): Judged {
  return {
    severity: resent ? 'warning' : 'critical',
    message: resent
      ? 'Messages of the peer were lost on the way; in FTFW mode it sends them again.'
      : 'Messages of the peer are lost on the way, and nobody sends them again: this node lacks what they said.',
    evidence,
    next: resent
      ? 'Look at the load and the errors of the dedicated link; raise RcvSocketBuffer where CTS-304 stands beside this.'
      : 'Look at the load and the errors of the dedicated link, then have the peer send all again: conntrackd -n.',
  };
}

function malformed(node: NodeObservation): readonly Judged[] {
  return rise(
    node,
    (sample) => sample.pages.main?.messages?.malformed,
    'main',
    (value, before) => ({
      message: 'Messages were thrown away because they could not be understood.',
      evidence: [{ what: 'Malformed msgs', value, before, from: 'conntrackd -s' }, ...whyMalformed(node)],
      next: 'Look who else sends to the group and port of the link, and whether both nodes run the same conntrackd with the same Checksum.',
    }),
  );
}

/** Of the reasons on the page about the network those that have risen. */
function whyMalformed({ before, now }: NodeObservation) {
  const was = before?.pages.network?.received;
  const is = now.pages.network?.received;
  if (was === undefined || is === undefined) return [];
  const names = Object.keys(is) as (keyof typeof is)[];
  return names
    .filter((name) => name !== 'malformed' && risen(was[name], is[name]) > 0n)
    .map((name) => ({ what: name.replaceAll('_', ' '), value: is[name], before: was[name], from: NETWORK_PAGE }));
}

function sendErrors(node: NodeObservation): readonly Judged[] {
  const device = node.now.pages.main?.link?.device;
  if (device !== node.before?.pages.main?.link?.device && node.before?.pages.main !== undefined)
    return [{ unknown: 'the daemon went over to another link between the samples' }];
  return rise(
    node,
    (sample) => sample.pages.main?.link?.sent.errors,
    'main',
    (value, before) => ({
      ...(device === undefined ? {} : { subject: device }),
      message: `conntrackd can not send over ${device ?? 'its link'}.`,
      evidence: [{ what: 'Error send', value, before, from: 'conntrackd -s' }],
      next: 'Look at the interface, its route to the peer, and the filter for outgoing packets.',
    }),
  );
}

function receiveDrops(node: NodeObservation): readonly Judged[] {
  const { before, now } = node;
  if (now.sockets === undefined) return withoutPages(node, 'sockets');
  if (before?.sockets === undefined) return unjudged(node, 'before');
  return now.sockets.flatMap(({ address, port, drops }) => {
    const was = before.sockets!.find((socket) => socket.address === address && socket.port === port)?.drops;
    if (was === undefined || risen(was, drops) === 0n) return [];
    return [
      {
        subject: `port ${port}`,
        message: 'The kernel has thrown away messages of the peer because conntrackd did not take them in time.',
        evidence: [{ what: `drops of ${address} port ${port}`, value: drops, before: was, from: '/proc/net/udp' }],
        next: 'Raise RcvSocketBuffer of the link on both nodes, and look at the load of the machine.',
      },
    ];
  });
}

function queueFull(node: NodeObservation): readonly Judged[] {
  const { before, now } = node;
  const page = now.pages.queue;
  if (page === undefined) return withoutPages(node, 'queue');
  if (before?.pages.queue === undefined) return unjudged(node, 'before');
  return page.queues.flatMap(({ name, no_space: value, elements, limit }) => {
    const was = before.pages.queue!.queues.find((queue) => queue.name === name)?.no_space;
    if (was === undefined || risen(was, value) === 0n) return [];
    return [
      {
        subject: name,
        message: `The queue ${name} of conntrackd is full, and messages are lost.`,
        evidence: [
          { what: 'not enough space errors', value, before: was, from: QUEUE_PAGE },
          { what: 'elements', value: elements, from: QUEUE_PAGE },
          { what: 'maximum', value: limit, from: QUEUE_PAGE },
        ],
        next: 'Look whether the peer answers; if it does, raise ResendQueueSize on both nodes.',
      },
    ];
  });
}

/** A finding where a counter has risen between the samples. */
export function rise(
  node: NodeObservation,
  counter: (sample: NodeSample) => Counter | undefined,
  page: string,
  found: (value: Counter, before: Counter) => Judged,
): readonly Judged[] {
  const { before, now } = node;
  const value = counter(now);
  if (value === undefined) return withoutPages(node, page);
  if (before === undefined) return unjudged(node, 'before');
  const was = counter(before);
  if (was === undefined) return unjudged(node, page);
  if (value < was) return [{ unknown: 'the counter began again between the samples' }];
  return value > was ? [found(value, was)] : [];
}
