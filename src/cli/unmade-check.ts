import { CHECK_SERVICES, type CheckName, type CheckResult } from '../model/check.js';
import type { Failure } from '../model/failure.js';

/** What a command line that asks for no check that there is begins with. */
const NO_SERVICE = 'CTSYNC';

/** Whether a command line is that of a monitoring plugin, or means to be. */
export function isCheck([topic = '']: readonly string[]): boolean {
  return topic === 'check' || topic.startsWith('check:');
}

/** What the line of a check begins with; `name` as typed. */
export function serviceOf(name = ''): string {
  return Object.hasOwn(CHECK_SERVICES, name) ? CHECK_SERVICES[name as CheckName] : NO_SERVICE;
}

/** The result of a check that could not be made: nobody knows how the node is. */
export function unmadeCheck(service: string, { message, toolSays, next }: Failure): CheckResult {
  const details = [...(toolSays ? [toolSays] : []), ...(next ? [next] : [])];
  return { service, status: 'UNKNOWN', message, metrics: [], details };
}
