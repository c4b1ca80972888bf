/** A capture of so many TCP flows of IPv4, without a summary: established, unanswered and closing in turn. */
export function captureOf(count: number): string {
  return Array.from({ length: count }, (_, i) => line(i)).join('');
}

const STATES = [
  ['ESTABLISHED', '', '[ASSURED] '],
  ['SYN_SENT', '[UNREPLIED] ', ''],
  ['TIME_WAIT', '', '[ASSURED] '],
] as const;

function line(i: number): string {
  const [state, unreplied, assured] = STATES[i % STATES.length]!;
  const client = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
  const server = `192.0.2.${i % 250}`;
  const port = 1024 + (i % 60_000);
  const original = `src=${client} dst=${server} sport=${port} dport=443 packets=${i % 50} bytes=${i * 13}`;
  const reply = `src=${server} dst=${client} sport=443 dport=${port} packets=1 bytes=60`;
  return `ipv4     2 tcp      6 ${i % 1000} ${state} ${original} ${unreplied}${reply} ${assured}mark=0 use=1 id=${1e9 + i}\n`;
}
