import type { ActiveLinkStatistics, CacheStatistics } from '../model/statistics.js';
import { LINK_TRAFFIC } from './link-traffic.js';
import type { LineForm } from './page-block.js';
import { PageBlock } from './page-block.js';

type Peer = NonNullable<ActiveLinkStatistics['server']>;

/** A block of the general page, by what its title says it is. */
export type StatisticsBlock =
  | { of: 'cache'; name: string; kind: CacheStatistics['kind']; lines: PageBlock }
  | { of: 'traffic'; lines: PageBlock }
  | { of: 'link'; transport: string; device: string; server?: Peer; client?: Peer; lines: PageBlock }
  | { of: 'messages'; lines: PageBlock };

const ACTIVE: LineForm = {
  name: 'current active connections',
  pattern: /^\s*current active connections\s*:\s*(?<active>\d+)\s*$/,
};

const COUNTED_WITH_FAILURES: readonly LineForm[] = [
  {
    name: 'connections created',
    pattern: /^\s*connections created\s*:\s*(?<created>\d+)\s+failed\s*:\s*(?<created_failed>\d+)\s*$/,
  },
  {
    name: 'connections updated',
    pattern: /^\s*connections updated\s*:\s*(?<updated>\d+)\s+failed\s*:\s*(?<updated_failed>\d+)\s*$/,
  },
  {
    name: 'connections destroyed',
    pattern: /^\s*connections destroyed\s*:\s*(?<destroyed>\d+)\s+failed\s*:\s*(?<destroyed_failed>\d+)\s*$/,
  },
];

const COUNTED: readonly LineForm[] = [
  { name: 'connections new', pattern: /^\s*connections new\s*:\s*(?<created>\d+)\s*$/ },
  { name: 'connections updated', pattern: /^\s*connections updated\s*:\s*(?<updated>\d+)\s*$/ },
  { name: 'connections destroyed', pattern: /^\s*connections destroyed\s*:\s*(?<destroyed>\d+)\s*$/ },
];

const TRAFFIC_PROCESSED: readonly LineForm[] = [
  { name: 'Bytes and Pckts', pattern: /^\s*(?<bytes>\d+)\s+Bytes\s+(?<packets>\d+)\s+Pckts\s*$/ },
];

const MESSAGE_TRACKING: readonly LineForm[] = [
  {
    name: 'Malformed msgs and Lost msgs',
    pattern: /^\s*(?<malformed>\d+)\s+Malformed msgs\s+(?<lost>\d+)\s+Lost msgs\s*$/,
  },
];

const CACHE_FORMS: Record<CacheStatistics['kind'], readonly LineForm[]> = {
  cache: [ACTIVE, ...COUNTED_WITH_FAILURES],
  bypass: COUNTED,
  inject: COUNTED_WITH_FAILURES,
};

const CACHE_TITLE = /^cache ([\w-]+):\s*$/;
const NO_CACHE_TITLE = /^([\w-]+) (bypass|inject):\s*$/;
const LINK_TITLE =
  /^(multicast|UDP|TCP) traffic \(active device=(.*)\)(?: server=((?:dis)?connected) client=((?:dis)?connected))?:\s*$/s;

/** The block that a line begins; absent if the line is no title of the general page. */
export function statisticsBlock(line: string): StatisticsBlock | undefined {
  return cacheBlock(line) ?? linkBlock(line) ?? plainBlock(line);
}

function cacheBlock(line: string): StatisticsBlock | undefined {
  const cache = CACHE_TITLE.exec(line);
  if (cache?.[1] !== undefined) return namedCache(cache[1], 'cache', `cache ${cache[1]}`);
  const [, name, kind] = NO_CACHE_TITLE.exec(line) ?? [];
  if (name === undefined || (kind !== 'bypass' && kind !== 'inject')) return undefined;
  return namedCache(name, kind, `${name} ${kind}`);
}

function namedCache(name: string, kind: CacheStatistics['kind'], title: string): StatisticsBlock {
  return { of: 'cache', name, kind, lines: new PageBlock(title, CACHE_FORMS[kind]) };
}

function linkBlock(line: string): StatisticsBlock | undefined {
  const [, transport, device, server, client] = LINK_TITLE.exec(line) ?? [];
  if (transport === undefined || device === undefined) return undefined;
  return {
    of: 'link',
    transport,
    device,
    ...(server !== undefined && { server: peer(server) }),
    ...(client !== undefined && { client: peer(client) }),
    lines: new PageBlock(`${transport} traffic`, LINK_TRAFFIC),
  };
}

function peer(printed: string): Peer {
  return printed === 'connected' ? 'connected' : 'disconnected';
}

function plainBlock(line: string): StatisticsBlock | undefined {
  const title = line.trimEnd();
  if (title === 'traffic processed:') {
    return { of: 'traffic', lines: new PageBlock('traffic processed', TRAFFIC_PROCESSED) };
  }
  if (title === 'message tracking:') {
    return { of: 'messages', lines: new PageBlock('message tracking', MESSAGE_TRACKING) };
  }
  return undefined;
}
