import { Lab } from '../../test/lab/lab.ts';
import { heading, paragraph, print, typed } from './page.mjs';
import { AFTER_FAILOVER, VIEWS } from './views.mjs';

const PAIR = `
   client ----+                +---- server
 10.35.100.87 |    +------+    | 172.31.20.12
              +----|  r1  |----+
              |    +------+    |
          LAN |     | eth0     | WAN     eth0: dedicated link of conntrackd
              |    +------+    |
              +----|  r2  |----+         10.35.100.1 and 172.31.20.1:
                   +------+              virtual addresses of keepalived
`;

/** Resolves with the exit code: 0 if every command answered and the connections survived the failover. */
export async function showLivePair() {
  const begin = performance.now();
  print(PAIR);
  const lab = new Lab();
  try {
    await lab.start();
    paragraph(
      `The pair is up: ${lab.id}, five network namespaces on this machine. Both routers run conntrackd (FTFW, ` +
        'multicast over eth0) and keepalived (one sync group). r1 is master, r2 is backup.',
    );
    const connections = await traffic(lab);
    const failures = [...(await everyView(lab)), ...(await failover(lab, connections))];
    await lab.stop();
    return conclude(failures, begin);
  } finally {
    await lab.stop();
  }
}

async function traffic(lab) {
  const connections = await lab.traffic.mixed();
  await synchronised(lab, connections);
  paragraph(
    `Traffic goes through r1: ${connections.length} TCP connections that stay open, UDP and ICMP with answers and ` +
      'without, over IPv4 and IPv6, some of it routed as it is, some with source NAT (10.35.100.101), masqueraded ' +
      '(10.35.100.102) or forwarded to the client by destination NAT (172.31.20.1:8080).',
  );
  return connections;
}

/** A flow travels to the other router in milliseconds; the views should show that it has. */
async function synchronised(lab, connections) {
  await lab.waitFor(
    async () => {
      const external = await lab.r2.ask('-e');
      return connections.every(({ localPort }) => external.includes(`sport=${localPort} `));
    },
    { what: 'the flows to reach r2' },
  );
}

async function everyView(lab) {
  const failures = [];
  for (const router of ['r1', 'r2']) {
    heading(`The views on ${router}, the ${await lab.role(router)}`);
    for (const { command } of VIEWS) failures.push(...(await view(lab, router, command)));
  }
  return failures;
}

async function failover(lab, connections) {
  heading('Failover');
  paragraph(
    "r1's LAN cable is pulled. keepalived notices, r2 takes the virtual addresses, and conntrackd commits what r1 had told it.",
  );
  const begin = performance.now();
  await lab.failover('cable');
  paragraph(`r2 is master, ${seconds(begin)} later.`);
  const failures = [];
  for (const router of ['r1', 'r2']) failures.push(...(await view(lab, router, AFTER_FAILOVER.command)));
  return [...failures, ...(await survivors(connections))];
}

/** A masqueraded connection has r1's own address: the answers go on going to r1, whose LAN is cut off. */
async function survivors(connections) {
  const results = await Promise.all(
    connections.map(async (connection) => {
      const alive = await connection.talk(5000, 3).then(
        () => true,
        () => false,
      );
      return { alive, mayDie: connection.localAddress === '10.35.100.102' };
    }),
  );
  const alive = results.filter(({ alive }) => alive).length;
  paragraph(
    `${alive} of ${results.length} TCP connections carry data on, through r2. (The masqueraded one can't: it has an ` +
      'address of r1 itself, and its answers still go there.)',
  );
  return results.some(({ alive, mayDie }) => !alive && !mayDie) ? ['a connection did not survive the failover'] : [];
}

async function view(lab, router, command) {
  typed(router, `ctsync ${command}`);
  // Written by ctsync itself, so that on a terminal it looks as it will for its user.
  const { code } = await lab.ctsync(router, command.split(' '), { visible: true });
  return code === 0 ? [] : [`ctsync ${command} on ${router} ended with exit code ${code}`];
}

function conclude(failures, begin) {
  heading('Done');
  paragraph(`The pair is taken down; it was there for ${seconds(begin)}. Nothing of this machine was changed.`);
  for (const failure of failures) process.stderr.write(`demo: ${failure}\n`);
  return failures.length === 0 ? 0 : 1;
}

function seconds(begin) {
  return `${((performance.now() - begin) / 1000).toFixed(1)} s`;
}
