import { expect } from 'chai';
import { explain } from '../../src/query/explain.js';
import { parseFilter } from '../../src/query/filter/parse.js';
import { print } from '../../src/query/filter/print.js';
import { pushDown } from '../../src/query/push-down.js';

/** A filter, the arguments for IPv4, and what is left to ctsync. */
const PLANS: readonly (readonly [filter: string, args: string, kept: string])[] = [
  ['tcp', '-p tcp', ''],
  ['ip and tcp', '-p tcp', ''],
  ['proto 89', '-p 89', ''],
  ['mark 5/7 and assured', '-u ASSURED -m 5/7', 'assured'],
  ['mark 0', '-m 0', ''],
  ['assured and not unreplied', '-u ASSURED,SEEN_REPLY', 'assured'],
  ['assured and unreplied', '-u ASSURED', 'assured and unreplied'],
  ['mark 1 and mark 2', '-m 1', 'mark 2'],
  ['src net 10.0.0.0/8 and src host 10.0.0.1', '-s 10.0.0.1', 'src net 10.0.0.0/8'],
  ['src net 0.0.0.0/0', '', 'src net 0.0.0.0/0'],
  ['src host 10.0.0.1,fd00::1', '-s 10.0.0.1', ''],
  ['src host 10.0.0.1,10.0.0.2', '', 'src host 10.0.0.1,10.0.0.2'],
  ['host 10.0.0.1', '', 'host 10.0.0.1'],
  ['reply dst host 10.0.0.1', '-q 10.0.0.1', ''],
  ['reply dst net 10.0.0.0/8', '', 'reply dst net 10.0.0.0/8'],
  ['(src host 10.0.0.1 and tcp) or src host fd00::1', '-s 10.0.0.1 -p tcp', ''],
  ['tcp or udp', '', 'tcp or udp'],
  ['tcp,udp', '', 'tcp,udp'],
  ['not tcp', '', 'not tcp'],
  ['dst port 80', '', 'dst port 80'],
  ['tcp dst port 80 and src port 5', '-p tcp --sport 5 --dport 80', ''],
  ['tcp port 80', '-p tcp', 'port 80'],
  ['tcp dst port 80,443', '-p tcp', 'dst port 80,443'],
  ['tcp dst portrange 80-81', '-p tcp', 'dst portrange 80-81'],
  ['dccp dst port 80', '-p dccp', 'dst port 80'],
  ['state established', '', 'state established'],
  ['tcp and state time-wait', '-p tcp --state TIME_WAIT', ''],
  ['tcp and state none', '-p tcp', 'state none'],
  ['tcp and state syn_sent2', '-p tcp', 'state syn_sent2'],
  ['sctp and state heartbeat_sent', '-p sctp', 'state heartbeat_sent'],
  ['dccp and state timewait', '-p dccp', 'state time_wait'],
  ['zone 0', '', 'zone 0'],
  ['nat', '', 'nat'],
  ['offload', '', 'offload'],
  ['id 5', '', 'id 5'],
  ['tcp and bytes gt 10M', '-p tcp', 'bytes gt 10M'],
];

describe('query/push-down', () => {
  for (const [text, args, kept] of PLANS) {
    it(`gives conntrack "${args}" for ${text}`, () => {
      const plan = pushDown(parseFilter(text), 'ipv4');
      expect(plan).to.deep.include({ family: 'ipv4', never: false });
      expect(plan.args.join(' ')).to.equal(args);
      expect(plan.residual === undefined ? '' : print(plan.residual)).to.equal(kept);
    });
  }

  it('asks nothing of a family that cannot match, and everything where all matches', () => {
    expect(pushDown(parseFilter('src host 10.0.0.1 and tcp'), 'ipv6')).to.include({ never: true });
    expect(pushDown(parseFilter('ip or src host fd00::1'), 'ipv4')).to.deep.include({
      never: false,
      args: [],
      kept: [],
    });
    expect(pushDown(undefined, 'ipv4')).to.deep.include({ never: false, args: [], kept: [], residual: undefined });
  });

  it('explains who filters what, and why', () => {
    const filter = parseFilter('tcp and src net 10.0.0.0/8 and mark 0x1/0xff and dst port 22,80 and bytes gt 10M');
    const [ipv4, ipv6] = (['ipv4', 'ipv6'] as const).map((family) => pushDown(filter, family));
    const command = `conntrack -L -f ipv4 -o extended,id ${ipv4!.args.join(' ')}`;
    expect(explain(ipv4!, command)).to.deep.equal([
      'IPv4: conntrack -L -f ipv4 -o extended,id -m 1/255 -s 10.0.0.0/8 -p tcp',
      '  the kernel filters  mark 0x1/0xff       -m 1/255',
      '  conntrack filters   src net 10.0.0.0/8  -s 10.0.0.0/8',
      '  conntrack filters   tcp                 -p tcp',
      '  ctsync filters      dst port 22,80      conntrack takes one value only',
      '  ctsync filters      bytes gt 10M        conntrack has no argument for it',
    ]);
    expect(explain(ipv6!, 'never run')).to.deep.equal(['IPv6: nothing is asked, because no IPv6 flow can match.']);
  });
});
