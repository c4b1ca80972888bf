import type { Flow } from '../model/flow.js';

/** The documentation's legend: codes of the TCP states, always shown. */
export const TCP_LEGEND = `TCP state codes: SS - SYN SENT, SR - SYN RECEIVED, ES - ESTABLISHED,
                 FW - FIN WAIT, CW - CLOSE WAIT, LA - LAST ACK,
                 TW - TIME WAIT, CL - CLOSE, LI - LISTEN
`;

type Codes = Readonly<Record<string, string>>;

const TCP: Codes = {
  SYN_SENT: 'SS',
  SYN_RECV: 'SR',
  ESTABLISHED: 'ES',
  FIN_WAIT: 'FW',
  CLOSE_WAIT: 'CW',
  LAST_ACK: 'LA',
  TIME_WAIT: 'TW',
  CLOSE: 'CL',
  LISTEN: 'LI',
  SYN_SENT2: 'S2',
  NONE: 'NO',
};

const SCTP: Codes = {
  NONE: 'NO',
  CLOSED: 'CD',
  COOKIE_WAIT: 'KW',
  COOKIE_ECHOED: 'KE',
  ESTABLISHED: 'ES',
  SHUTDOWN_SENT: 'DS',
  SHUTDOWN_RECD: 'DR',
  SHUTDOWN_ACK_SENT: 'DA',
  HEARTBEAT_SENT: 'HS',
  HEARTBEAT_ACKED: 'HA',
};

const DCCP: Codes = {
  NONE: 'NO',
  REQUEST: 'RQ',
  RESPOND: 'RP',
  PARTOPEN: 'PO',
  OPEN: 'OP',
  CLOSEREQ: 'CR',
  CLOSING: 'CG',
  TIMEWAIT: 'TW',
  IGNORE: 'IG',
  INVALID: 'IN',
};

const BY_PROTOCOL: Readonly<Record<string, Codes>> = { tcp: TCP, sctp: SCTP, dccp: DCCP };
/** What the documentation's legend already explains. */
const IN_TCP_LEGEND: ReadonlySet<string> = new Set(Object.values(TCP).filter((code) => code !== 'S2' && code !== 'NO'));

/**
 * State codes for the narrow table. It remembers those that its legend does not have yet: rows are printed as they come,
 * so codes that the documentation's legend lacks are explained under the table, where they occurred.
 */
export class StateCodes {
  private readonly seen = new Map<string, Map<string, string>>();

  /** The two-letter code of the flow's state, the whole word where it has none, or an empty text without a state. */
  codeOf(flow: Flow): string {
    const { state } = flow;
    if (state === undefined) return '';
    const protocol = flow.protocol.name;
    const code = BY_PROTOCOL[protocol]?.[state];
    if (code === undefined) return state;
    if (protocol !== 'tcp' || !IN_TCP_LEGEND.has(code)) this.remember(protocol, state, code);
    return code;
  }

  /** A line for each protocol with codes beyond the documentation's legend; empty where there were none. */
  legend(): string {
    return [...this.seen]
      .map(([protocol, codes]) => {
        const listed = [...codes].map(([state, code]) => `${code} - ${state.replaceAll('_', ' ')}`);
        return `${protocol.toUpperCase()} state codes: ${listed.join(', ')}\n`;
      })
      .join('');
  }

  private remember(protocol: string, state: string, code: string): void {
    const codes = this.seen.get(protocol) ?? new Map<string, string>();
    this.seen.set(protocol, codes.set(state, code));
  }
}
