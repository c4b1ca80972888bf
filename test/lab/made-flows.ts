/**
 * Lines for `conntrack -R`, which make a table of every kind of flow that a filter can tell apart: both families, NAT,
 * zones of one and of both directions, marks, states, protocols with and without a name. Always the same ones.
 */
export function madeFlows(count: number): string[] {
  const random = numbers(20261122);
  const pick = <T>(values: readonly T[]): T => values[random() % values.length]!;
  return Array.from({ length: count }, (_, i) => {
    const family = pick(['ipv4', 'ipv4', 'ipv6'] as const);
    const pool = ADDRESSES[family];
    const [source, destination] = [pick(pool), pick(pool)];
    const nat = random() % 8;
    // -n and -g say that a NAT rule did it; the others translate without a rule, as a synchronised flow may look.
    const reply = [
      nat === 0 ? `-g ${pick(pool)}` : `-r ${nat === 1 ? pick(pool) : destination}`,
      nat === 2 ? `-n ${pick(pool)}` : `-q ${nat === 3 ? pick(pool) : source}`,
    ];
    return [
      '-A -t',
      100_000 + (random() % 5) * 100_000,
      `-u ${pick(STATUS)} -m ${pick(MARKS)}`,
      pick(ZONES),
      `-s ${source} -d ${destination}`,
      ...reply,
      protocol(family, i, pick),
    ].join(' ');
  });
}

export const ADDRESSES = {
  ipv4: [
    '10.0.0.1',
    '10.0.0.2',
    '10.127.255.255',
    '10.128.0.1',
    '192.0.2.1',
    '192.0.2.129',
    '1.2.3.4',
    '223.255.255.254',
  ],
  ipv6: ['fd00::1', 'fd00::2', 'fd00:0:0:1::1', '2001:db8::1', '2001:db8:8000::1', '::ffff:10.0.0.1', '64:ff9b::a00:1'],
} as const;
export const MARKS = [0, 1, 7, 8, 255, 0x8000_0000, 0xffff_ffff] as const;
/** Destination ports; source ports make the flows differ. */
export const DESTINATION_PORTS = [0, 22, 53, 80, 443, 65535] as const;
export const TCP_STATES =
  'NONE SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT CLOSE SYN_SENT2'.split(' ');
export const SCTP_STATES =
  'NONE CLOSED COOKIE_WAIT COOKIE_ECHOED ESTABLISHED SHUTDOWN_SENT SHUTDOWN_RECD SHUTDOWN_ACK_SENT'.split(' ');
/** Without a name in conntrack. */
export const UNNAMED_PROTOCOLS = [0, 2, 4, 41, 50, 89, 112, 254, 255] as const;

const STATUS = ['UNSET', 'SEEN_REPLY', 'SEEN_REPLY,ASSURED', 'ASSURED'];
const ZONES = ['', '', '', '', '-w 5', '--orig-zone 5', '--reply-zone 5', '-w 7', '--orig-zone 7'];

type Pick = <T>(values: readonly T[]) => T;

function protocol(family: 'ipv4' | 'ipv6', i: number, pick: Pick): string {
  const source = 1024 + (i % 60_000);
  const destination = pick(DESTINATION_PORTS);
  const ports = `--sport ${source} --dport ${destination} --reply-port-src ${pick([destination, destination, 8080])} --reply-port-dst ${source}`;
  switch (pick(['tcp', 'tcp', 'tcp', 'udp', 'udp', 'sctp', 'udplite', 'icmp', 'gre', 'unnamed', 'dccp'] as const)) {
    case 'tcp':
      return `-p tcp ${ports} --state ${pick(TCP_STATES)}`;
    case 'udp':
      return `-p udp ${ports}`;
    case 'udplite':
      return `-p udplite ${ports}`;
    case 'sctp':
      return `-p sctp ${ports} --state ${pick(SCTP_STATES)} --orig-vtag 1 --reply-vtag 2`;
    case 'icmp':
      return family === 'ipv4'
        ? `-p icmp --icmp-type 8 --icmp-code 0 --icmp-id ${i % 65536}`
        : `-p icmpv6 --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id ${i % 65536}`;
    case 'gre':
      return `-p gre --srckey ${i % 65536} --dstkey ${i % 65536} --reply-key-src ${i % 65536} --reply-key-dst ${i % 65536}`;
    case 'dccp':
      return `-p dccp ${ports} --state OPEN --role client`;
    case 'unnamed':
      return `-p ${pick(UNNAMED_PROTOCOLS)}`;
  }
}

/** A linear congruential generator: the same numbers on every machine. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}
