import type { NodeObservation } from '../../model/node-observation.js';
import { type Judged, type Rule, unjudged } from './rule.js';

const SYSCTL = '/proc/sys/net/netfilter';

/** What is worth knowing, and no fault. */
export const INFORMATION_RULES: readonly Rule[] = [
  {
    code: 'CTS-901',
    name: 'accounting-off',
    severity: 'information',
    judge: (node) => isOff(node, 'accounting', 'nf_conntrack_acct', 'Bytes and packets of flows are not counted.'),
  },
  {
    code: 'CTS-902',
    name: 'timestamps-off',
    severity: 'information',
    judge: (node) => isOff(node, 'timestamps', 'nf_conntrack_timestamp', 'The age of flows is not known.'),
  },
];

function isOff(
  node: NodeObservation,
  field: 'accounting' | 'timestamps',
  sysctl: string,
  message: string,
): readonly Judged[] {
  if (node[field] === undefined) return unjudged(node, field);
  if (node[field]) return [];
  return [
    {
      message,
      evidence: [{ what: sysctl, value: 0, from: `${SYSCTL}/${sysctl}` }],
      next: `sysctl -w net.netfilter.${sysctl}=1 switches it on for new flows.`,
    },
  ];
}
