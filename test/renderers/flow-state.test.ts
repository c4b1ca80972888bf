import { expect } from 'chai';
import { StateCodes, TCP_LEGEND } from '../../src/renderers/flow-state.js';
import { flowsIn } from '../support/flow-source.js';

/** A flow of the protocol in that state. */
function flow(protocol: string, number: number, state: string) {
  const ports = 'src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2';
  return flowsIn(`${protocol} ${number} 9 ${state === '' ? '' : `${state} `}${ports} ${ports} mark=0 use=1`)[0]!;
}

/** States by protocol, in the order of their index in the kernel (formats.md §3); LISTEN is the documentation's. */
const STATES: Readonly<Record<string, readonly [number: number, states: string]>> = {
  tcp: [6, 'NONE SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT CLOSE SYN_SENT2 LISTEN'],
  sctp: [
    132,
    'NONE CLOSED COOKIE_WAIT COOKIE_ECHOED ESTABLISHED SHUTDOWN_SENT SHUTDOWN_RECD SHUTDOWN_ACK_SENT HEARTBEAT_SENT HEARTBEAT_ACKED',
  ],
  dccp: [33, 'NONE REQUEST RESPOND PARTOPEN OPEN CLOSEREQ CLOSING TIMEWAIT IGNORE INVALID'],
};

describe('renderers/flow-state', () => {
  for (const [protocol, [number, states]] of Object.entries(STATES)) {
    it(`${protocol}: every state has a code of two letters of its own`, () => {
      const codes = states.split(' ').map((state) => new StateCodes().codeOf(flow(protocol, number, state)));
      for (const code of codes) expect(code).to.match(/^[A-Z][A-Z0-9]$/);
      expect(new Set(codes).size).to.equal(codes.length);
    });
  }

  it('needs no other legend for what the documentation explains', () => {
    const codes = new StateCodes();
    const explained = [...TCP_LEGEND.matchAll(/([A-Z]{2}) - ([A-Z ]+)/g)].map(
      ([, code, name]) => [code!, name!] as const,
    );
    expect(explained).to.have.length(9);
    for (const [code, name] of explained) {
      const state = name.trim().replaceAll(' ', '_').replace('SYN_RECEIVED', 'SYN_RECV');
      expect(codes.codeOf(flow('tcp', 6, state))).to.equal(code);
    }
    expect(codes.legend()).to.equal('');
  });

  it('explains the codes that occurred, and those only', () => {
    const codes = new StateCodes();
    codes.codeOf(flow('tcp', 6, 'SYN_SENT2'));
    codes.codeOf(flow('tcp', 6, 'NONE'));
    codes.codeOf(flow('tcp', 6, 'SYN_SENT2'));
    codes.codeOf(flow('sctp', 132, 'ESTABLISHED'));
    codes.codeOf(flow('dccp', 33, 'TIMEWAIT'));
    expect(codes.legend()).to.equal(
      'TCP state codes: S2 - SYN SENT2, NO - NONE\n' +
        'SCTP state codes: ES - ESTABLISHED\n' +
        'DCCP state codes: TW - TIMEWAIT\n',
    );
  });

  it('shows a state without a code as it is, and nothing where there is none', () => {
    const codes = new StateCodes();
    expect(codes.codeOf(flow('tcp', 6, 'HALF_OPEN'))).to.equal('HALF_OPEN');
    expect(codes.codeOf(flow('udp', 17, ''))).to.equal('');
    expect(codes.legend()).to.equal('');
  });
});
