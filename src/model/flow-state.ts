/**
 * The states that conntrack prints for each protocol that has any, in the order of their index in the kernel, with the
 * two letters that stand for them in narrow tables (formats.md §3). TCP's LISTEN is never printed.
 */
export const FLOW_STATES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  tcp: {
    NONE: 'NO',
    SYN_SENT: 'SS',
    SYN_RECV: 'SR',
    ESTABLISHED: 'ES',
    FIN_WAIT: 'FW',
    CLOSE_WAIT: 'CW',
    LAST_ACK: 'LA',
    TIME_WAIT: 'TW',
    CLOSE: 'CL',
    SYN_SENT2: 'S2',
  },
  sctp: {
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
  },
  dccp: {
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
  },
};
