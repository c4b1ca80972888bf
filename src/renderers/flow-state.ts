import type { FlowRow } from '../model/flow-row.js';
import { FLOW_STATES } from '../model/flow-state.js';

/** The documentation's legend: codes of the TCP states, always shown. */
export const TCP_LEGEND = `TCP state codes: SS - SYN SENT, SR - SYN RECEIVED, ES - ESTABLISHED,
                 FW - FIN WAIT, CW - CLOSE WAIT, LA - LAST ACK,
                 TW - TIME WAIT, CL - CLOSE, LI - LISTEN
`;

/** More than there are. */
const MOST_STATES = 100;

/** conntrack never prints LISTEN, but the documentation explains it. */
const CODES: typeof FLOW_STATES = { ...FLOW_STATES, tcp: { ...FLOW_STATES['tcp'], LISTEN: 'LI' } };
/** What the documentation's legend already explains. */
const IN_TCP_LEGEND: ReadonlySet<string> = new Set(
  Object.values(CODES['tcp']!).filter((code) => code !== 'S2' && code !== 'NO'),
);

/** A state that has occurred. */
interface Seen {
  protocol: string;
  protocolNumber: number;
  state: string;
  /** Two letters, or the whole word where it has none. */
  code: string;
}

/**
 * State codes for the narrow table. It remembers the states that have occurred: there are few, so that a row need not
 * make a text of its own, and codes that the documentation's legend lacks are explained under the table, since rows are
 * printed as they come.
 */
export class StateCodes {
  private readonly seen: Seen[] = [];

  /** The two-letter code of the flow's state, the whole word where it has none, or an empty text without a state. */
  codeOf(row: FlowRow): string {
    if (!row.state.given) return '';
    for (const known of this.seen)
      if (known.protocolNumber === row.protocolNumber && row.holds(row.state, known.state)) return known.code;
    return this.remember(row);
  }

  /** A line for each protocol with codes beyond the documentation's legend; empty where there were none. */
  legend(): string {
    const listed = this.seen.filter(({ protocol, state, code }) => code !== state && !isInTcpLegend(protocol, code));
    return [...new Set(listed.map(({ protocol }) => protocol))]
      .map((name) => {
        const codes = listed.filter(({ protocol }) => protocol === name);
        return `${name.toUpperCase()} state codes: ${codes.map(({ state, code }) => `${code} - ${state.replaceAll('_', ' ')}`).join(', ')}\n`;
      })
      .join('');
  }

  private remember(row: FlowRow): string {
    const protocol = row.protocolName();
    const state = row.text(row.state);
    const code = CODES[protocol]?.[state] ?? state;
    // A hostile capture may have any number of them.
    if (this.seen.length < MOST_STATES) this.seen.push({ protocol, protocolNumber: row.protocolNumber, state, code });
    return code;
  }
}

function isInTcpLegend(protocol: string, code: string): boolean {
  return protocol === 'tcp' && IN_TCP_LEGEND.has(code);
}
