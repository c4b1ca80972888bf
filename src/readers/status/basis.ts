import type { ConntrackdConf } from '../../model/conntrackd-conf.js';
import type { NodeObservation, NodeSample } from '../../model/node-observation.js';
import type { SyncStatus, Unavailable } from '../../model/sync-status.js';
import type { Material, Missing, StatusMaterial } from './material.js';

/** What a status has already told of a node, for whoever judges it. */
export type NodeBasis = Pick<
  NodeObservation,
  'conf' | 'confFile' | 'runningSince' | 'roles' | 'mechanism' | 'transition' | 'interfaces' | 'unread'
> & {
  /** The daemon's pages that were read, in a capture all that there are. */
  pages: NodeSample['pages'];
  /** Why the daemon gave none, or none that can be read. */
  daemon?: Missing;
};

/** What a status was made of beside what it shows. */
export interface StatusParts {
  conf: ConntrackdConf | undefined;
  pages: NodeSample['pages'];
  interfaces: readonly string[] | undefined;
}

/** Where the parts of a status stand that rules ask for. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  conf: ['sync-interface'],
  mechanism: ['failover-mechanism'],
  transition: ['last state transition'],
  roles: ['role', 'failover-mechanism'],
  interfaces: ['role'],
  runningSince: ['daemon process', 'daemon'],
  main: ['caches'],
  runtime: ['daemon'],
  link: ['links'],
};

export function basisOf(material: StatusMaterial, status: SyncStatus, parts: StatusParts): NodeBasis {
  const { conf, pages, interfaces } = parts;
  const { roles, failover_mechanism: mechanism, last_transition: transition, daemon, unavailable } = status;
  const { daemonConfig, runtime } = material;
  const silent = unavailable.find(({ part, code }) => part === 'daemon' && code !== undefined);
  return {
    ...(conf ? { conf } : {}),
    confFile: 'file' in daemonConfig ? daemonConfig.file : 'conntrackd.conf',
    ...(daemon.running_since === undefined ? {} : { runningSince: new Date(daemon.running_since) }),
    ...(roles ? { roles } : {}),
    ...(mechanism ? { mechanism } : {}),
    ...(transition ? { transition } : {}),
    ...(interfaces ? { interfaces } : {}),
    pages,
    ...(silent ? { daemon: missingBy(silent, runtime) } : {}),
    unread: {
      ...(mechanism?.reason === undefined ? {} : { roles: mechanism.reason }),
      ...reasonsOf(unavailable),
    },
  };
}

function reasonsOf(unavailable: readonly Unavailable[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(PARTS).flatMap(([field, parts]) => {
      const reason = parts.flatMap((part) => unavailable.find((known) => known.part === part)?.reason ?? [])[0];
      return reason === undefined ? [] : [[field, reason]];
    }),
  );
}

/** The page of the status has no room for the tool's words; a finding has them as evidence. */
function missingBy({ reason, code, next }: Unavailable, page: Material): Missing {
  const toolSays = 'missing' in page ? page.toolSays : undefined;
  return {
    missing: reason,
    ...(code ? { code } : {}),
    ...(next ? { next } : {}),
    ...(toolSays ? { toolSays } : {}),
  };
}
