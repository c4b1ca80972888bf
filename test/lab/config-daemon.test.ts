import { expect } from 'chai';
import fc from 'fast-check';
import { renderConntrackdConf } from '../../src/config/render/conntrackd-conf.js';
import type { RenderSurroundings } from '../../src/config/render/surroundings.js';
import { commandsOf } from '../../src/config/statements/print.js';
import type { LinkStatements, SyncConfiguration } from '../../src/model/sync-configuration.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { skipFor } from '../support/skip.js';
import { SURROUNDINGS } from '../support/render-surroundings.js';
import { configuration } from '../support/sync-configurations.js';

/** How many are started; each takes about a quarter of a second. */
const CONFIGURATIONS = 40;

const HERE: RenderSurroundings = { ...SURROUNDINGS, socket: '/mnt/c.sock', lock: '/mnt/c.lock' };

const LINKS: readonly LinkStatements[][] = [
  [{ name: 'eth0' }],
  [{ name: 'eth0' }, { name: 'eth3', port: 3781 }],
  [{ name: 'eth3' }, { name: 'eth0', port: 1024 }],
  [{ name: 'eth0', peer: '10.255.254.3' }],
  [{ name: 'eth0', peer: 'fd00::3' }],
  [
    { name: 'eth3', peer: '10.255.253.3', port: 3781 },
    { name: 'eth0', peer: '10.255.254.3' },
  ],
  [
    { name: 'eth0', peer: 'fd00::3' },
    { name: 'eth3', peer: '10.255.253.3' },
  ],
];

/** What passes verify here: links of one kind with what they listen on, and no helper, which this kernel may refuse. */
const startable = fc
  .tuple(configuration, fc.constantFrom(...LINKS), fc.boolean())
  .map(([any, links, listens]): SyncConfiguration => {
    const unicast = links[0]?.peer !== undefined;
    const { mcast_group: group, listen_address: _listen, helper: _helper, ...others } = any;
    return {
      ...others,
      interface: links,
      ...(!unicast && group !== undefined ? { mcast_group: group } : {}),
      ...(unicast && (listens || links.length > 1)
        ? { listen_address: ['10.255.253.2', '10.255.254.2', 'fd00::2'] }
        : {}),
    };
  });

describe('the real conntrackd', () => {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(`
ip link add eth0 type veth peer name p0
ip link add eth3 type veth peer name p3
ip addr add 10.255.254.2/24 dev eth0
ip addr add fd00::2/64 dev eth0 nodad
ip addr add 10.255.253.2/24 dev eth3
for link in eth0 eth3 p0 p3; do ip link set "$link" up; done`);
  });
  after(() => sandbox?.stop());

  it('takes every configuration that can be set', async function () {
    this.timeout(120_000);
    for (const any of fc.sample(startable, CONFIGURATIONS)) {
      const text = renderConntrackdConf(any, HERE);
      const said = await sandbox.sh(`
cat > /mnt/c.conf << 'END'
${text}END
conntrackd -C /mnt/c.conf > /mnt/c.out 2>&1 < /dev/null &
for _ in {1..100}; do
  timeout 5 conntrackd -C /mnt/c.conf -s runtime 2> /dev/null | grep -m 1 uptime && break
  kill -0 $! 2> /dev/null || break
  sleep 0.05
done
timeout 5 conntrackd -C /mnt/c.conf -k 2> /dev/null || true
wait $! || true
grep -E 'ERROR|warning' /mnt/c.out || true
rm -f /mnt/c.sock /mnt/c.lock`);
      expect(said, commandsOf(any).join('\n')).to.match(/^daemon uptime: [^\n]*\n$/);
    }
  });
});
