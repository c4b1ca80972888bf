import { expect } from 'chai';
import { rulesetLines } from '../../src/parsers/ruleset-text.js';
import { capturedBundle } from '../support/captured-bundles.js';

describe('parsers/ruleset-text', () => {
  it('gives each line the blocks that it stands in', () => {
    const lines = rulesetLines(capturedBundle('b').get('node1/firewall/nft.txt')!.toString());
    expect(lines)
      .to.include('table inet lab, chain input: ct state invalid drop')
      .and.to.include('table ip lab_nat, chain postrouting: ip saddr 10.35.100.102 oifname "eth2" masquerade')
      .and.to.include('table ip extra');
  });

  it('leaves out what moves by itself', () => {
    const rules = (packets: number, rest: string): string =>
      `table ip t {\n\tset s {\n\t\telements = { 192.0.2.1 timeout 1m expires ${packets}s, 192.0.2.2 }\n\t}\n\tchain c {\n\t\tcounter packets ${packets} bytes ${packets * 40} ${rest}\n\t\tquota 25 mbytes used ${packets} kbytes last used ${packets}s accept\n\t}\n}\n`;
    expect(rulesetLines(rules(1, 'accept'))).to.deep.equal(rulesetLines(rules(77, 'accept')));
    expect(rulesetLines(rules(1, 'accept'))).to.not.deep.equal(rulesetLines(rules(1, 'drop')));
  });

  it('knows an empty ruleset, and lines outside of any block', () => {
    expect(rulesetLines('')).to.deep.equal([]);
    expect(rulesetLines('}\n# Warning: table ip filter is managed by iptables-nft\n')).to.deep.equal([
      '# Warning: table ip filter is managed by iptables-nft',
    ]);
  });
});
