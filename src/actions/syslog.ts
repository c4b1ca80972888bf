import type { ActionPlan } from '../model/action.js';
import { succeeded } from '../readers/tool-failure.js';
import { operatorName } from '../sources/operator.js';
import { askTool } from '../sources/process.js';
import { syslogLine } from '../sources/queries.js';

/**
 * Writes to syslog who does what on this node, and what became of it.
 *
 * @returns a sentence where it could not be logged, which keeps nobody from an action at night
 */
export async function tellSyslog({ action, role }: ActionPlan, what: string): Promise<string[]> {
  const text = `${operatorName()} on this ${role} node: ctsync ${action}: ${what}`;
  const logged = await askTool(syslogLine(text)).then(succeeded, () => false);
  return logged ? [] : ['This action could not be logged to syslog: logger failed, or is not installed.'];
}
