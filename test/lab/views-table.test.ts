import { expect } from 'chai';
import type { FlowTableDocument } from '../../src/model/documents.js';
import type { Flow } from '../../src/model/flow.js';
import { CLIENT, FORWARDED, SERVER, WAN } from './plan.js';
import { differences, keyOf, printedFlows } from './views-oracle.js';
import type { Printed } from './views-oracle.js';
import { document, page, pairFor, underTraffic } from './views-support.js';
import type { Place } from './views-support.js';

const FAMILIES = ['ipv4', 'ipv6'] as const;
type Family = (typeof FAMILIES)[number];

describe('the flow table of a live router', function () {
  this.timeout(90_000);
  const pair = pairFor();
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });

  before(async () => {
    await pair().traffic.mixed();
  });

  for (const family of FAMILIES) {
    it(`is the table of conntrack -L -f ${family}, flow by flow, under traffic`, async () => {
      const { before, ours, after } = await underTraffic(pair(), () => bracketed(r1(), family));
      expect(ours.complete).to.equal(true);
      expect(ours.summary.unreadable).to.equal(0);
      expect(ours.summary.shown).to.equal(ours.flows.length);

      const flows = new Map(ours.flows.map((flow) => [keyOf(flow), flow]));
      const known = [...before.keys()].filter((key) => after.has(key));
      expect(known).to.have.length.greaterThan(4);
      expect(
        known.filter((key) => !flows.has(key)),
        'flows that are missing',
      ).to.deep.equal([]);
      expect(
        [...flows.keys()].filter((key) => !before.has(key) && !after.has(key)),
        'flows made up',
      ).to.deep.equal([]);
      const found = known.flatMap((key) => differences(get(flows, key), get(before, key), get(after, key)));
      expect(found).to.deep.equal([]);
    });

    it(`has one row for each ${family} flow, with its id and addresses, also with --wide`, async () => {
      const { before, after, ours } = await bracketed(r1(), family, '');
      const wide = await bracketed(r1(), family, ' --wide');
      for (const { text, known, possible } of [rows(before, ours, after), rows(wide.before, wide.ours, wide.after)]) {
        expect(
          known.filter((row) => !text.includes(row)),
          'rows that are missing',
        ).to.deep.equal([]);
        expect(
          text.filter((row) => !possible.includes(row)),
          'rows made up',
        ).to.deep.equal([]);
        expect(new Set(text)).to.have.property('size', text.length);
      }
    });
  }

  it('has every protocol and state of the traffic', async () => {
    const ipv4 = await table(r1(), 'ipv4');
    const ipv6 = await table(r1(), 'ipv6');
    const kinds = new Set(
      [...ipv4, ...ipv6].map(({ family, protocol, state = '' }) => `${family} ${protocol.name} ${state}`),
    );
    expect([...kinds]).to.include.members([
      'ipv4 tcp ESTABLISHED',
      'ipv4 tcp SYN_SENT',
      'ipv4 udp ',
      'ipv4 icmp ',
      'ipv4 vrrp ',
      'ipv6 tcp ESTABLISHED',
      'ipv6 udp ',
      'ipv6 icmpv6 ',
    ]);
  });

  it('says of each flow whether and how it is translated', async () => {
    const flows = [...(await table(r1(), 'ipv4')), ...(await table(r1(), 'ipv6'))];
    const translation = (flow: Flow): string[] | undefined => {
      const { src, dst, dport } = flow.original;
      if (src === CLIENT.snat || src === CLIENT.masqueraded) return ['snat'];
      return dst === WAN.ipv4.virtual && dport === FORWARDED.outside ? ['dnat'] : undefined;
    };
    for (const flow of flows) expect(flow.nat, JSON.stringify(flow)).to.deep.equal(translation(flow));
    const from = (address: string): Flow[] => flows.filter(({ original }) => original.src === address);
    expect(from(CLIENT.snat).map(({ reply }) => reply?.dst)).to.deep.equal([WAN.ipv4.virtual, WAN.ipv4.virtual]);
    expect(from(CLIENT.masqueraded).map(({ reply }) => reply?.dst)).to.include(WAN.ipv4.router('r1'));
    expect(from(SERVER.ipv4).map(({ reply }) => reply?.src)).to.deep.equal([CLIENT.ipv4]);
  });

  it('is empty and says that tracking is in use where no flow is', async () => {
    const lab = pair();
    await lab.exec('r2', ['conntrack', '-D', '-f', 'ipv6']);
    const empty = await document<FlowTableDocument>({ lab, router: 'r2' }, 'show conntrack table ipv6');
    expect(empty).to.deep.include({ flows: [], complete: true, tracking: 'in_use' });
    expect(await page({ lab, router: 'r2' }, 'show conntrack table ipv6')).to.include('No IPv6 flows.');
  });
});

interface Bracketed<T> {
  before: Map<string, Printed>;
  ours: T;
  after: Map<string, Printed>;
}

/** What ctsync says (its JSON, or its page where flags are given), between two dumps of conntrack. */
async function bracketed(place: Place, family: Family): Promise<Bracketed<FlowTableDocument>>;
async function bracketed(place: Place, family: Family, flags: string): Promise<Bracketed<string>>;
async function bracketed(place: Place, family: Family, flags?: string): Promise<Bracketed<unknown>> {
  const command = `show conntrack table ${family}`;
  const before = await printedFlows(place, family);
  const ours = flags === undefined ? await document(place, command) : await page(place, command + flags);
  return { before, ours, after: await printedFlows(place, family) };
}

async function table(place: Place, family: Family): Promise<Flow[]> {
  return (await document<FlowTableDocument>(place, `show conntrack table ${family}`)).flows;
}

/** `ID SOURCE DESTINATION` of each row of a page, of each flow that has to be there, and of each that may be there. */
function rows(before: Map<string, Printed>, text: string, after: Map<string, Printed>) {
  const row = ({ id, family, original }: Printed): string =>
    `${String(id)} ${endpoint(family, original.src, original.sport)} ${endpoint(family, original.dst, original.dport)}`;
  return {
    text: text
      .split('\n')
      .filter((line) => /^\d+ +\S*\d/.test(line) && !/^\d+ flows?,/.test(line))
      .map((line) => line.split(/ +/).slice(0, 3).join(' ')),
    known: [...before].filter(([key]) => after.has(key)).map(([, flow]) => row(flow)),
    possible: [...before.values(), ...after.values()].map(row),
  };
}

function endpoint(family: string, address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return family === 'ipv6' ? `[${address}]:${String(port)}` : `${address}:${String(port)}`;
}

function get<T>(map: Map<string, T>, key: string): T {
  const value = map.get(key);
  if (value === undefined) throw new Error(`there is no flow ${key}`);
  return value;
}
