import type { ActionName, ActionPlan, FlowsAtStake } from '../model/action.js';
import type { SourceOptions } from '../sources/options.js';
import type { DaemonFile } from './daemon/daemon-file.js';
import { refillFor } from './refill.js';
import {
  kindOf,
  refuseAlarmMode,
  refuseInjectedBackup,
  refuseMistakes,
  refuseStatisticsMode,
  refuseUnlessMaster,
  refuseWithoutCache,
} from './refusals.js';
import { daemonSituation, kernelSituation, type Situation } from './situation.js';
import {
  bulkUpdate,
  commitCache,
  emptyKernel,
  flushCache,
  type PlannedStep,
  restart,
  resyncRequest,
  resyncWithKernel,
  shown,
} from './steps.js';

/** Which action is wanted, and of which daemon. */
export interface ActionQuestion {
  action: ActionName;
  daemon: DaemonFile;
  keepalivedConfig: string | undefined;
}

/** An action as it is to be done on this node as it is now. */
export interface Planned {
  plan: ActionPlan;
  steps: PlannedStep[];
}

/** What an action does here: its steps, and what an operator should know of them. */
interface Intention {
  steps: PlannedStep[];
  atStake: FlowsAtStake;
  notes: string[];
}

/**
 * Looks at the node, and says what is to be done. Touches nothing.
 *
 * @throws Failure ACTION_REFUSED where it is not for this node as it is now; CONFIG_INVALID where the daemon would not come up
 *   again; where it does not answer
 */
export async function planAction(question: ActionQuestion, options: SourceOptions): Promise<Planned> {
  const { action, keepalivedConfig } = question;
  if (action === 'reset conntrack') {
    const found = await kernelSituation(keepalivedConfig, options);
    return planned(action, found, resetKernel(found, options), options);
  }
  const found = await daemonSituation(keepalivedConfig, options);
  refuseStatisticsMode(found);
  if (action === 'restart conntrack-sync') await refuseMistakes(options);
  return planned(action, found, intentionOf(action, question.daemon, found, options), options);
}

function planned(
  action: ActionName,
  { role, groups, unknown }: Situation,
  { steps, atStake, notes }: Intention,
  { place }: SourceOptions,
): Planned {
  const known = unknown === undefined ? { sync_groups: groups } : { role_unknown: unknown };
  return {
    steps,
    plan: { action, host: place.hostName, role, ...known, at_stake: atStake, steps: steps.map(shown), notes },
  };
}

function intentionOf(
  action: Exclude<ActionName, 'reset conntrack'>,
  daemon: DaemonFile,
  found: Situation,
  options: SourceOptions,
): Intention {
  switch (action) {
    case 'reset conntrack-sync internal-cache':
      return resetInternal(found, options);
    case 'reset conntrack-sync external-cache':
      return resetExternal(found, options);
    case 'restart conntrack-sync':
      return restartDaemon(daemon, found, options);
    case 'sync conntrack-sync commit':
      return commitExternal(found, options);
    case 'sync conntrack-sync bulk':
      return sendBulk(found, options);
    case 'sync conntrack-sync request':
      return requestFlows(found, options);
  }
}

function resetKernel({ role, atStake, daemon }: Situation & { daemon: boolean }, { query }: SourceOptions): Intention {
  return {
    steps: [emptyKernel('kernel', query), emptyKernel('expectations', query)],
    atStake,
    notes: daemon ? [role === 'master' ? GONE : STAYING, CUTS] : [CUTS],
  };
}

const GONE = 'conntrackd tells the peer of every flow that ends: it is gone from both nodes.';

/** Found on a pair: a backup tells its peer nothing of flows that the peer has sent to it. */
const STAYING =
  'Only flows that pass through this node are gone from both nodes. Those of the peer stay there; without an external cache, "ctsync sync conntrack-sync request" fetches them anew.';

const CUTS = 'Connections through this node are picked up anew only where its rules let them; NAT is lost.';

function resetInternal(found: Situation, { query }: SourceOptions): Intention {
  refuseWithoutCache('internal', found, "What it sends is the kernel's own table. Nothing was touched.");
  refuseInjectedBackup(found);
  const { role, atStake } = found;
  const begin = [flushCache('internal', query), resyncWithKernel(query)];
  return {
    steps: role === 'master' ? [...begin, bulkUpdate(query)] : begin,
    atStake: only('internal', atStake),
    notes: role === 'master' ? [] : [NO_BULK],
  };
}

const NO_BULK = 'Nothing is sent to the peer in bulk (-B): only the master of all groups does that.';

function resetExternal(found: Situation, { query }: SourceOptions): Intention {
  refuseWithoutCache(
    'external',
    found,
    'To ask the peer for all its flows: "ctsync sync conntrack-sync request". Nothing was touched.',
  );
  refuseAlarmMode(found, 'a request for flows (-n): the external cache would stay empty');
  return {
    steps: [flushCache('external', query), resyncRequest(query)],
    atStake: only('external', found.atStake),
    notes: ['Until the peer has sent its flows again, a failover to this node would lose them.', ANSWER],
  };
}

const ANSWER = 'Whether the peer answers, the caches tell a moment later: "ctsync show conntrack-sync statistics".';

function restartDaemon(daemon: DaemonFile, found: Situation, { query }: SourceOptions): Intention {
  const direct = kindOf('external', found) === 'inject';
  const { requests, notes } = refillFor(found.role, direct ? { disable_external_cache: true } : {});
  const refill = found.sync?.mode === 'alarm' ? [] : requests;
  return {
    steps: [restart(daemon), ...refill.map((word) => (word === '-B' ? bulkUpdate(query) : resyncRequest(query)))],
    atStake: found.atStake,
    notes: [EMPTY, ...notes, ...(refill.includes('-n') ? [ANSWER] : [])],
  };
}

const EMPTY = 'Both caches are emptied; until they are filled again, a failover would lose flows.';

function commitExternal(found: Situation, { query }: SourceOptions): Intention {
  refuseWithoutCache(
    'external',
    found,
    'The flows of the peer are in the kernel already: there is nothing to commit. Nothing was touched.',
  );
  return {
    steps: [commitCache(query)],
    atStake: only('external', found.atStake),
    notes: found.role === 'master' ? [] : [NOT_MASTER],
  };
}

const NOT_MASTER = 'This node is not master: the kernel gets flows whose packets go through the peer.';

function sendBulk(found: Situation, { query }: SourceOptions): Intention {
  refuseAlarmMode(found, 'a bulk update (-B)');
  refuseUnlessMaster(found);
  return { steps: [bulkUpdate(query)], atStake: only('internal', found.atStake), notes: [] };
}

function requestFlows(found: Situation, { query }: SourceOptions): Intention {
  refuseAlarmMode(found, 'a request for flows (-n)');
  return { steps: [resyncRequest(query)], atStake: only('external', found.atStake), notes: [ANSWER] };
}

function only(name: 'internal' | 'external', { [name]: flows }: FlowsAtStake): FlowsAtStake {
  return flows === undefined ? {} : { [name]: flows };
}
