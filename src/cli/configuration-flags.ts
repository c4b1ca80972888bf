import { sourceFlags } from './flags.js';

const { netns, 'daemon-config': daemonConfig, timeout, json, 'no-pager': noPager, 'no-color': noColor } = sourceFlags;

/** The flags of every command of the configuration. */
export const configurationFlags = {
  netns,
  'daemon-config': daemonConfig,
  timeout,
  json,
  'no-pager': noPager,
  'no-color': noColor,
};
