import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import { parseInterfaceStates } from '../../src/parsers/interface-states.js';
import { capturedBundle } from '../support/captured-bundles.js';

describe('parsers/interface-states', () => {
  it('reads the interfaces of a router', () => {
    const text = capturedBundle('a').get('node1/network/addresses.json')!.toString();
    const states = parseInterfaceStates(text);
    expect(states).to.deep.include({ name: 'lo', up: true, operstate: 'UNKNOWN' });
    expect(states).to.deep.include({ name: 'eth0', up: true, operstate: 'UP' });
    expect(states).to.have.length((JSON.parse(text) as unknown[]).length);
  });

  it('passes over what ip leaves out, and knows a host without interfaces', () => {
    expect(parseInterfaceStates('[{},{"ifname":"a","flags":["BROADCAST"],"operstate":"DOWN"}]')).to.deep.equal([
      { name: 'a', up: false, operstate: 'DOWN' },
    ]);
    expect(parseInterfaceStates('[]')).to.deep.equal([]);
  });

  for (const text of [
    '',
    '{}',
    '[1]',
    '[null]',
    '[{"ifname":"a"}]',
    '[{"ifname":"a","flags":["UP"]}]',
    '[{"flags":[]}]',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseInterfaceStates(text)).to.throw(Failure, /can't be understood/);
    });
  }
});
