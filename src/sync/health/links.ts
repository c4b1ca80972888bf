import type { SyncMode } from '../../model/conntrackd-conf.js';
import type { DedicatedLink } from '../../model/link.js';
import type { NodeObservation, NodeSample } from '../../model/node-observation.js';
import type { Counter } from '../../model/number.js';
import { risen } from './change.js';
import { byPages, type Judged, unjudged } from './rule.js';

const LINK_PAGE = 'conntrackd -s link';
const MAIN_PAGE = 'conntrackd -s';

/** In FTFW and NOTRACK mode a daemon sends an alive message each second (formats.md §14), so this is long. */
export const SILENCE_MS = 5000;

/** The dedicated links, and whether the peer is heard over them. */
export const LINK_RULES = byPages([
  { code: 'CTS-201', name: 'peer-silent', severity: 'critical', judge: peerSilent },
  { code: 'CTS-202', name: 'one-way-sync', severity: 'critical', judge: oneWay },
  { code: 'CTS-203', name: 'link-down', severity: 'warning', judge: linksDown },
  { code: 'CTS-204', name: 'backup-link-in-use', severity: 'warning', judge: onBackupLink },
  { code: 'CTS-205', name: 'all-links-down', severity: 'critical', judge: allLinksDown },
  { code: 'CTS-206', name: 'link-interface-missing', severity: 'critical', judge: interfaceMissing },
  { code: 'CTS-207', name: 'peer-disconnected', severity: 'critical', judge: disconnected },
]);

/** What the daemon does where its configuration names no mode (formats.md §12); undefined where it does not synchronise. */
export function modeOf({ conf }: Pick<NodeObservation, 'conf'>): SyncMode | undefined {
  return conf?.sync && (conf.sync.mode ?? 'ftfw');
}

/**
 * Packets of the peer over all links: which one it sends over is its own choice, and need not be the one in use here.
 * Undefined where no page tells.
 */
export function heardPackets({ pages }: NodeSample): Counter | undefined {
  const { link, main } = pages;
  if (link === undefined) return main?.link?.received.packets;
  return exact(link.links.reduce((sum, { received }) => sum + BigInt(received.packets), 0n));
}

function exact(sum: bigint): Counter {
  return sum > BigInt(Number.MAX_SAFE_INTEGER) ? sum : Number(sum);
}

function peerSilent(node: NodeObservation): readonly Judged[] {
  const { before, now } = node;
  const heard = heardPackets(now);
  if (heard === undefined) return withoutPages(node, 'main');
  if (modeOf(node) === 'alarm' || isWithoutLinks(node)) return [];
  const was = before && heardPackets(before);
  if (was === undefined) return unjudged(node, 'before');
  if (heard !== was) return [];
  const waited = now.at - before!.at;
  if (waited < SILENCE_MS) return [{ unknown: `${seconds(waited)} without a message are too few to say so` }];
  return [
    {
      message: `The peer is silent: for ${seconds(waited)} nothing has come.`,
      evidence: [{ ...packets(heard, was), from: LINK_PAGE }],
      next: "Look whether conntrackd runs on the peer, and whether a filter stops the link's packets: tcpdump -ni DEVICE udp.",
    },
  ];
}

function packets(value: Counter, before: Counter) {
  return { what: 'packets received over all links', value, before };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A window of the acknowledgements' default size (formats.md §12): as many may be under way at any time. */
const USUAL_ACK_WINDOW = 300;

/** Whether the peer is heard in FTFW while ever more messages wait for its acknowledgement, more than it may owe at any time. */
export function grewUnacknowledged(conf: NodeObservation['conf'], before: NodeSample, now: NodeSample): boolean {
  if ((conf?.sync?.mode ?? 'ftfw') !== 'ftfw' || !conf?.sync) return false;
  const { unacknowledged: waiting = 0 } = now;
  const window = conf.sync.ack_window_size ?? USUAL_ACK_WINDOW;
  const heard = risen(heardPackets(before), heardPackets(now));
  return heard > 0n && risen(before.unacknowledged, waiting) > 0n && waiting > 2 * window;
}

/**
 * FTFW keeps a message until it is acknowledged: where the peer is heard and these only grow, it does not hear us. A peer
 * that had no time for a moment owes as many, but makes good for it before the third sample.
 */
function oneWay(node: NodeObservation): readonly Judged[] {
  if (node.conf === undefined) return unjudged(node, 'conf');
  if (modeOf(node) !== 'ftfw') return [];
  const { before, between, now, conf } = node;
  const received = heardPackets(now);
  if (received === undefined) return withoutPages(node, 'main');
  if (now.unacknowledged === undefined) return unjudged(node, 'queue');
  if (before?.unacknowledged === undefined) return unjudged(node, 'before');
  const was = heardPackets(before);
  if (!grewUnacknowledged(conf, before, now)) return [];
  if (between?.unacknowledged === undefined) return [{ unknown: 'two samples are too few to say so' }];
  if (now.unacknowledged < between.unacknowledged) return [];
  return [
    {
      message: 'The peer is heard, but does not acknowledge what this node sends: it does not get it.',
      evidence: [
        {
          what: 'messages not acknowledged',
          value: now.unacknowledged,
          before: before.unacknowledged,
          from: 'conntrackd -s queue',
        },
        { ...packets(received, was!), from: LINK_PAGE },
      ],
      next: 'Look for what stops packets of this node only: a filter on the link, its address in the configuration of the peer.',
    },
  ];
}

function linksDown(node: NodeObservation): readonly Judged[] {
  const { links, downs } = linksOf(node.now);
  if (links === undefined) return withoutPages(node, 'link');
  // All of them are another finding.
  if (downs.length === links.length) return [];
  return downs
    .filter((link) => !isMissing(link, node))
    .map((link) => ({
      subject: nameOf(link),
      message: `The dedicated link ${nameOf(link)} is down.`,
      evidence: [{ what: 'status', value: link.status, from: LINK_PAGE }],
      next: `Look at its cable and its interface: ip link show ${nameOf(link)}.`,
    }));
}

function onBackupLink(node: NodeObservation): readonly Judged[] {
  const { links } = linksOf(node.now);
  if (links === undefined) return withoutPages(node, 'link');
  const configured = node.conf?.sync?.links ?? [];
  const first = configured.find((link) => link.default) ?? configured[0];
  const preferred = first?.interface;
  const active = links.find(({ role }) => role === 'ACTIVE');
  if (
    links.length < 2 ||
    isWithoutLinks(node) ||
    preferred === undefined ||
    active?.device === undefined ||
    active.device === (first?.device ?? preferred)
  )
    return [];
  return [
    {
      subject: active.device,
      message: `The synchronisation runs over the backup link ${active.device}, not over ${preferred}.`,
      evidence: [
        { what: 'link in use', value: active.device, from: LINK_PAGE },
        { what: 'link marked Default, or the first one', value: preferred, from: node.confFile },
      ],
      next: `Mend ${preferred}; conntrackd goes back to it only when ${active.device} fails, since a daemon that is restarted follows its peer.`,
    },
  ];
}

function allLinksDown(node: NodeObservation): readonly Judged[] {
  const { links } = linksOf(node.now);
  if (links === undefined) return withoutPages(node, 'link');
  if (!isWithoutLinks(node)) return [];
  return [
    {
      message:
        links.length === 1 ? 'The only dedicated link is down.' : `All ${links.length} dedicated links are down.`,
      evidence: links.map((link) => ({ what: `status of ${nameOf(link)}`, value: link.status, from: LINK_PAGE })),
      next: 'Look at cables and interfaces: ip link. Until one is up, a failover loses every flow that began meanwhile.',
    },
  ];
}

function interfaceMissing(node: NodeObservation): readonly Judged[] {
  const { links } = linksOf(node.now);
  if (links === undefined) return withoutPages(node, 'link');
  if (node.interfaces === undefined) return unjudged(node, 'interfaces');
  return links
    .filter((link) => isMissing(link, node))
    .map((link) => ({
      subject: nameOf(link),
      message: `The interface ${nameOf(link)} of a dedicated link does not exist, whatever conntrackd says of it.`,
      evidence: [{ what: 'status', value: link.status, from: LINK_PAGE }],
      next: 'Make the interface again and restart conntrackd: it does not find a new one by itself.',
    }));
}

function disconnected(node: NodeObservation): readonly Judged[] {
  const { main } = node.now.pages;
  if (main === undefined) return withoutPages(node, 'main');
  if (main.link?.transport !== 'tcp') return [];
  const { server, client } = main.link;
  if (server === 'connected' && client === 'connected') return [];
  return [
    {
      message: 'There is no connection to the peer.',
      evidence: [
        { what: 'server', value: server ?? 'unknown', from: MAIN_PAGE },
        { what: 'client', value: client ?? 'unknown', from: MAIN_PAGE },
      ],
      next: 'Look whether conntrackd runs on the peer, and whether a filter stops the TCP connection of the link.',
    },
  ];
}

function linksOf({ pages }: NodeSample): { links?: readonly DedicatedLink[]; downs: readonly DedicatedLink[] } {
  const links = pages.link?.links;
  if (links === undefined) return { downs: [] };
  return { links, downs: links.filter(({ status }) => status !== 'RUNNING') };
}

/** A finding of its own, which says more than that nothing comes. */
function isWithoutLinks({ now }: NodeObservation): boolean {
  const { links, downs } = linksOf(now);
  return links !== undefined && links.length > 0 && downs.length === links.length;
}

function isMissing({ device, interface_missing: missing }: DedicatedLink, { interfaces }: NodeObservation): boolean {
  return missing === true || (interfaces !== undefined && device !== undefined && !interfaces.includes(device));
}

function nameOf({ device }: DedicatedLink): string {
  return device ?? '?';
}

/** The pages of a daemon that does not synchronise are no riddle. */
export function withoutPages(node: NodeObservation, page: string): readonly Judged[] {
  const doesNotSync = node.conf !== undefined && node.conf.sync === undefined;
  return doesNotSync ? [] : unjudged(node, page);
}
