import { expect } from 'chai';
import { TextCleaner } from '../../../src/bundle/clean/text-cleaner.js';
import { KEY, cleaned } from './cleaned.js';

const FW1 = cleaned('fw1');
const DOMAIN = cleaned('corp.example.net');

describe('names in texts', () => {
  it('replaces a host by name, by short name, in capitals or not', () => {
    expect(FW1).to.match(/^host-[0-9a-f]{8}$/);
    expect(DOMAIN).to.match(/^domain-[0-9a-f]{8}$/);
    expect(cleaned('fw1.corp.example.net FW1. (Fw1) fw1: /etc/fw1/x fw1-lan admin@fw1')).to.equal(
      `${FW1}.${DOMAIN} ${FW1}. (${FW1}) ${FW1}: /etc/${FW1}/x ${FW1}-lan admin@${FW1}`,
    );
  });

  it('replaces other hosts of a domain that it knows', () => {
    expect(cleaned('mail.corp.example.net')).to.match(new RegExp(`^host-[0-9a-f]{8}\\.${DOMAIN}$`));
    expect(cleaned('x.y.corp.example.net')).not.to.contain('example');
    expect(cleaned('ops@corp.example.net')).to.equal(`ops@${DOMAIN}`);
  });

  it('replaces users', () => {
    expect(cleaned('USER=joe /home/joe/x joe:x:1000')).to.match(/^USER=(user-[0-9a-f]{8}) \/home\/\1\/x \1:x:1000$/);
  });

  it('replaces whole words only', () => {
    const text = 'fw11 xfw1 fw_1 fw1_x joey root other.example.net';
    expect(cleaned(text)).to.equal(text);
  });

  it('leaves common words, numbers and parts of addresses, and says which', () => {
    const hosts = ['MASTER', '42', 'localhost', 'cafe', 'tcp'];
    const cleaner = new TextCleaner({ key: KEY, hosts, users: [] });
    const text = Buffer.from('state MASTER id=42 localhost tcp 127.0.0.1 fe80::cafe cafe\n');
    expect(cleaner.cleanText(text).toString()).to.match(
      /^state MASTER id=42 localhost tcp 127\.0\.0\.1 fe80::cafe host-[0-9a-f]{8}\n$/,
    );
    expect(cleaner.namesLeft).to.deep.equal(['master', '42', 'localhost', 'tcp']);
  });

  it('gives names of any characters their digits', () => {
    const cleaner = new TextCleaner({ key: KEY, hosts: ['müller', 'a+b[c'], users: ['j.doe$'] });
    expect(cleaner.cleanText(Buffer.from('müller a+b[c j.doe$')).toString()).to.match(
      /^host-[0-9a-f]{8} host-[0-9a-f]{8} user-[0-9a-f]{8}$/,
    );
  });

  it('gives both nodes of a pair the same, and others with another key', () => {
    const other = new TextCleaner({ key: KEY, hosts: ['fw1'], users: [] });
    expect(other.cleanText(Buffer.from('fw1')).toString()).to.equal(FW1);
    const stranger = new TextCleaner({ key: Buffer.alloc(32, 3), hosts: ['fw1'], users: [] });
    expect(stranger.cleanText(Buffer.from('fw1')).toString()).not.to.equal(FW1);
  });
});
