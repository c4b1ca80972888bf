import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { VirtualAddress } from '../../src/model/keepalived-conf.js';
import { parseKeepalivedConf } from '../../src/parsers/keepalived-conf.js';
import { readIncluded } from './keepalived-conf.includes.js';
import { canRunKeepalived, understand } from './keepalived-conf.oracle.js';
import { skipFor } from '../support/skip.js';

function text({ address, prefix_length: prefix }: VirtualAddress): string {
  return prefix === undefined ? address : `${address}/${prefix}`;
}

describe('parseKeepalivedConf beside the real keepalived', function () {
  this.timeout(60_000);

  before(function () {
    skipFor(this, canRunKeepalived() ? undefined : 'keepalived is not installed, or this is not root');
  });

  for (const name of ['pair.conf', 'everything.conf']) {
    it(`understands ${name} as keepalived does`, async () => {
      const file = fileURLToPath(new URL(`../fixtures/keepalived-2.2.7/${name}`, import.meta.url));
      const theirs = await understand(file);
      const ours = parseKeepalivedConf(readFileSync(file, 'utf8'), file, { configId: 'r1', readIncluded });
      expect(theirs.complaints).to.deep.equal([]);
      expect(ours.vrrp_sync_groups.map((group) => ({ name: group.name, members: group.members }))).to.deep.equal(
        theirs.groups.map((group) => ({ name: group.name, members: group.members })),
      );
      expect(
        ours.vrrp_instances.map((instance) => ({
          name: instance.name,
          router_id: instance.virtual_router_id,
          priority: instance.priority ?? 100,
          virtual: [...new Set(instance.virtual_addresses.map(text))],
          excluded: [...new Set(instance.excluded_addresses.map(text))],
        })),
      ).to.deep.equal(
        // keepalived 2.2.7 reads a file twice that is included under a condition.
        theirs.instances.map((instance) => ({
          ...instance,
          virtual: [...new Set(instance.virtual)],
          excluded: [...new Set(instance.excluded)],
        })),
      );
    });
  }

  it('reads the scripts that keepalived runs', async () => {
    const file = fileURLToPath(new URL('../fixtures/keepalived-2.2.7/pair.conf', import.meta.url));
    const [group] = (await understand(file)).groups;
    expect(group?.scripts).to.deep.equal({
      Master: ["'/usr/bin/echo'", "'ctsync-failover'", "'master'", "'GEFOEKOM'"],
      Backup: ["'/usr/bin/echo'", "'ctsync-failover'", "'backup'", "'GEFOEKOM # 1'"],
      Fault: ["'/usr/bin/echo'", "'ctsync-failover'", "'fault'", "'GEFOEKOM'"],
      Stop: ["'/usr/bin/true'"],
    });
  });
});
