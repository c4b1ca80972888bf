import { sourceFlags } from './flags.js';

const { netns, 'daemon-config': daemonConfig, timeout, json, 'no-pager': noPager, 'no-color': noColor } = sourceFlags;

/** The flags of every command that is for the node that it is typed on. */
export const flagsOfHere = {
  'daemon-config': daemonConfig,
  timeout,
  json,
  'no-pager': noPager,
  'no-color': noColor,
};

/** The flags of every command of the configuration. */
export const configurationFlags = { netns, ...flagsOfHere };
