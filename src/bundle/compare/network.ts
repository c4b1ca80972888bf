import type { FactComparison } from '../../model/bundle-comparison.js';
import { parseInterfaceStates } from '../../parsers/interface-states.js';
import { parseIpAddresses } from '../../parsers/ip-addresses.js';
import type { CounterReading } from '../contents/counter-reading.js';
import type { NodeContents } from '../contents/node-contents.js';
import { type Both, bothTexts, Facts } from './both.js';
import { differentLines, differentValues } from './differences.js';

const ADDRESSES = 'network/addresses.json';

/** The addresses of all interfaces. */
export async function comparedAddresses(both: Both): Promise<FactComparison> {
  const facts = new Facts('addresses');
  if (both.incomparable !== undefined) facts.lack(both.incomparable);
  else {
    const texts = await bothTexts(ADDRESSES, both, facts, { encoding: 'utf8' });
    const [a, b] = texts
      ? [await addressesIn(both.a, texts[0].text), await addressesIn(both.b, texts[1].text)]
      : [undefined, undefined];
    if (a && b) facts.add(differentLines('address', a, b));
    else if (texts) facts.lack(`${ADDRESSES} can not be read in one of the bundles.`);
  }
  return facts.comparison;
}

/** Which interfaces are up, and the dedicated links by conntrackd's own page. */
export async function comparedLinks(both: Both, a: CounterReading, b: CounterReading): Promise<FactComparison> {
  const facts = new Facts('links');
  const texts = await bothTexts(ADDRESSES, both, facts, { encoding: 'utf8' });
  if (texts) {
    const [first, second] = [await statesIn(both.a, texts[0].text), await statesIn(both.b, texts[1].text)];
    if (first && second) facts.add(differentValues(first, second));
    else facts.lack(`${ADDRESSES} can not be read in one of the bundles.`);
  }
  if (a.statistics.link && b.statistics.link) facts.add(differentValues(dedicatedLinks(a), dedicatedLinks(b)));
  return facts.comparison;
}

async function addressesIn(contents: NodeContents, text: string): Promise<string[] | undefined> {
  const host = await contents.attempt(() => parseIpAddresses(text), ADDRESSES);
  return host?.addresses.map(({ interface: name, address, prefix_length: prefix }) => `${name} ${address}/${prefix}`);
}

async function statesIn(contents: NodeContents, text: string): Promise<ReadonlyMap<string, string> | undefined> {
  const states = await contents.attempt(() => parseInterfaceStates(text), ADDRESSES);
  return states && new Map(states.map(({ name, up, operstate }) => [name, `${up ? 'up' : 'down'} [${operstate}]`]));
}

function dedicatedLinks({ statistics: { link } }: CounterReading): ReadonlyMap<string, string> {
  return new Map(
    (link?.links ?? []).map(({ device, status, role }, i) => [
      `dedicated link ${i + 1}${device === undefined ? '' : `, ${device}`}`,
      `${status} ${role}`,
    ]),
  );
}
