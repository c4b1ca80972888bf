import type { DaemonSign, SignedSample } from '../../model/daemon-sign.js';
import type { NodeSample } from '../../model/node-observation.js';
import { type RestartSign, restartBetween } from '../restart.js';

/** An earlier sample as far as a later one can be compared with it. */
export interface Earlier {
  before: NodeSample;
  /** Why it tells nothing of conntrackd, where the daemon was restarted between them: half a sentence. */
  restarted?: string;
}

/** Leaves out what a conntrackd has counted that was restarted since; what the kernel counts stays. */
export function earlierFor(now: SignedSample, earlier: SignedSample): Earlier {
  const { sample } = earlier;
  const restart = restartBetween(signOf(earlier), signOf(now), (now.sample.at - sample.at) / 1000);
  if (restart === undefined) return { before: sample };
  return { before: withoutDaemon(sample), restarted: `conntrackd was restarted (${SEEN[restart]})` };
}

const SEEN: Readonly<Record<RestartSign, string>> = {
  process: 'another process answers now',
  uptime: 'its uptime began anew',
  events: 'it has received fewer events than before',
};

function signOf({ sample, process }: SignedSample): DaemonSign {
  const { uptime_seconds: uptime, netlink } = sample.pages.runtime ?? {};
  return {
    ...(process === undefined ? {} : { process }),
    ...(uptime === undefined ? {} : { uptime_seconds: uptime }),
    ...(netlink?.events_received === undefined ? {} : { events_received: netlink.events_received }),
  };
}

function withoutDaemon({ at, tracking, flows }: NodeSample): NodeSample {
  return { at, pages: {}, ...(tracking === undefined ? {} : { tracking }), ...(flows === undefined ? {} : { flows }) };
}
