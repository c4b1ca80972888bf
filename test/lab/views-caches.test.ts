import { expect } from 'chai';
import type { FlowCacheDocument } from '../../src/model/documents.js';
import type { Flow } from '../../src/model/flow.js';
import { must } from './run.js';
import { answer, document, page, pairFor, underTraffic, whileRepeating } from './views-support.js';
import type { Place } from './views-support.js';

const INTERNAL = 'show conntrack-sync cache internal';
const EXTERNAL = 'show conntrack-sync cache external';

describe('the caches of a live pair', function () {
  this.timeout(120_000);
  const pair = pairFor();
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });
  const r2 = (): Place => ({ lab: pair(), router: 'r2' });

  it("are the same flows in the master's internal and the standby's external one, after a bulk update", async () => {
    const lab = pair();
    await lab.traffic.mixed();
    await lab.traffic.stop();
    await lab.r1.ask('-B');
    const [internal, external] = await lab.waitFor(
      async () => {
        const caches = [await cache(r1(), INTERNAL), await cache(r2(), EXTERNAL)] as const;
        return tuples(caches[0]).join('\n') === tuples(caches[1]).join('\n') ? caches : undefined;
      },
      { what: 'equal caches' },
    );
    expect(internal.flows).to.have.length.greaterThan(15);
    for (const { complete, flows, summary } of [internal, external]) {
      expect(complete).to.equal(true);
      expect(summary).to.deep.include({ shown: flows.length, scanned: flows.length, unreadable: 0 });
    }
    expect(internal.cache).to.equal('internal');
    expect(external.cache).to.equal('external');
  });

  it('tell of a translation in the internal cache alone: the external one keeps no reply tuple', async () => {
    const internal = await cache(r1(), INTERNAL);
    const external = await cache(r2(), EXTERNAL);
    expect(internal.flows.filter(({ nat }) => nat !== undefined)).to.have.length.greaterThan(3);
    expect(external.flows.filter(({ nat, reply }) => nat !== undefined || reply !== undefined)).to.deep.equal([]);
  });

  it('have one row for each flow, and their number below', async () => {
    for (const [place, command, name] of [
      [r1(), INTERNAL, 'internal'],
      [r2(), EXTERNAL, 'external'],
    ] as const) {
      const { flows } = await cache(place, command);
      const lines = (await page(place, command)).trimEnd().split('\n');
      expect(lines.shift()).to.match(/^SOURCE +DESTINATION +PROTOCOL +STATE +REPLY or NAT +CACHED FOR$/);
      if (name === 'external') expect(lines.pop()).to.match(/^The external cache shows no reply tuples: /);
      expect(lines.pop()).to.equal(`${String(flows.length)} flows in the ${name} cache, complete.`);
      expect(lines.pop()).to.equal('');
      expect(lines.map((line) => line.split(/ +/).slice(0, 2).join(' ')).sort()).to.deep.equal(flows.map(ends).sort());
    }
  });

  it('are never called incomplete while hundreds of flows come and go', async () => {
    const lab = pair();
    await must(['ip', 'netns', 'exec', lab.namespaces.r1, 'sh', '-c', SHORT_LIVES]);
    const before = await counted(r1());
    const reap = (): Promise<unknown> => lab.exec('r1', ['conntrack', '-L']);
    const enough = async (): Promise<boolean> => {
      const { created, destroyed } = await counted(r1());
      return created >= before.created + 2000 && destroyed >= before.destroyed + 1000;
    };
    await underTraffic(lab, () =>
      whileRepeating(reap, async () => {
        for (let dumps = 0; dumps < 20 || !(await enough()); dumps += 2) {
          const both = await Promise.all([
            answer<FlowCacheDocument>(r1(), INTERNAL),
            answer<FlowCacheDocument>(r2(), EXTERNAL),
          ]);
          for (const { code, document } of both) {
            expect(document.error).to.equal(undefined);
            expect({ code, complete: document.complete }).to.deep.equal({ code: 0, complete: true });
          }
        }
      }),
    );
  });
});

/** UDP flows live for a second; listing the kernel's table makes it forget those whose time is over (formats.md §6). */
const SHORT_LIVES = 'for file in /proc/sys/net/netfilter/nf_conntrack_udp_timeout*; do echo 1 > "$file"; done';

function cache(place: Place, command: string): Promise<FlowCacheDocument> {
  return document<FlowCacheDocument>(place, command);
}

/** The original tuples of a cache, sorted; two caches with the same ones hold the same flows. */
function tuples({ flows }: FlowCacheDocument): string[] {
  return flows
    .map(({ protocol, original: { src, dst, sport, dport, type, code, id } }) =>
      JSON.stringify([protocol.number, src, dst, sport, dport, type, code, id]),
    )
    .sort();
}

/** Source and destination as the table shows them. */
function ends({ family, original: { src, dst, sport, dport } }: Flow): string {
  if (sport === undefined || dport === undefined) return `${src} ${dst}`;
  return family === 'ipv6'
    ? `[${src}]:${String(sport)} [${dst}]:${String(dport)}`
    : `${src}:${String(sport)} ${dst}:${String(dport)}`;
}

/** How many flows the internal cache has ever taken and dropped. */
async function counted({ lab, router }: Place): Promise<{ created: number; destroyed: number }> {
  const text = await lab[router].ask('-s');
  const total = (what: string): number => Number(new RegExp(`connections ${what}:\\s+(\\d+)`).exec(text)?.[1]);
  return { created: total('created'), destroyed: total('destroyed') };
}
