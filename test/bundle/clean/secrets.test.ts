import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { TextCleaner } from '../../../src/bundle/clean/text-cleaner.js';
import { parseKeepalivedConf } from '../../../src/parsers/keepalived-conf.js';
import { withoutSecrets } from './cleaned.js';

const X = 'hunter2!';
const R = '<removed>';

const STATEMENTS: [text: string, cleaned: string][] = [
  [`    auth_pass ${X}`, `    auth_pass ${R}`],
  [`    auth_pass "${X} and more" # ${X}`, `    auth_pass ${R}`],
  [`  # auth_pass ${X}\n!auth_pass ${X}`, `  # auth_pass ${R}\n!auth_pass ${R}`],
  [`authentication { auth_type PASS auth_pass ${X} }`, `authentication { auth_type PASS auth_pass ${R} }`],
  [`auth_pass ${X} }`, `auth_pass ${R} }`],
  [`@node1 auth_pass ${X}`, `@node1 auth_pass ${R}`],
  [`$AUTH_PASS=${X}`, `$AUTH_PASS=${R}`],
  [`password ${X}\r\nvrrp_version 3\r\n`, `password ${R}\r\nvrrp_version 3\r\n`],
  [`auth_pass \\\n   ${X}\n}`, `auth_pass ${R}\n\n}`],
  [`password "one \\\n  ${X} \\\n  ${X}"\nnext`, `password "${R}\n\n"\nnext`],
  [`password: |\n  ${X}\n  ${X}\nnext: 1`, `password: ${R}\n\n\nnext: 1`],
  [`smtp_password = ${X} ${X}`, `smtp_password = ${R}`],
  [`user=joe password=${X} host=a`, `user=joe password=${R} host=a`],
  [`{"password": "${X}", "a": 1, "token":12345}`, `{"password": "${R}", "a": 1, "token":"${R}"}`],
  [`{"text":"auth_pass ${X}","a":1}`, `{"text":"auth_pass ${R}","a":1}`],
  [`{"text":"password \\"${X}\\"","a":1}`, `{"text":"password \\"${R}\\"","a":1}`],
  [`{"secrets":["${X}"],"api_key":["${X}","b"]}`, `{"secrets":["${X}"],"api_key":["${R}"]}`],
  [`<password>${X}</password>`, `<password>${R}</password>`],
  [`rocommunity ${X} 10.0.0.0/8\nrwcommunity6 ${X}\ncom2sec local localhost ${X}`, undefined!],
  [`trapsink 10.0.0.9 ${X}\ncreateUser u SHA "${X}" AES "${X}"\nsnmp-server community ${X} RO`, undefined!],
  [`set service snmp community '${X}' authorization ro`, undefined!],
  [` community ${X} {`, ` community ${R} {`],
  [`key = ${X}\nkey "${X}";\npsk: ${X}\ntoken=${X}\nsecret ${X}\npassphrase = "${X}"`, undefined!],
  [`PrivateKey = ${X}\nPresharedKey=${X}\nauthentication-key ${X}\nmessage-digest-key 1 md5 ${X}`, undefined!],
  [`ExecStart=/bin/x --password ${X} --token=${X}`, undefined!],
  [`Nov 26 03:00:00 r1 Keepalived[12]: auth_pass ${X} is too long`, undefined!],
  [`https://joe:${X}@example.net/`, `https://${R}@example.net/`],
  ['encrypted $6$saltsalt$abcdefghijklmnop.', `encrypted ${R}`],
  [`Authorization: Bearer ${X}`, `Authorization: Bearer ${R}`],
  ['auth-trunc hmac(sha256) 0x0123456789abcdef0123 128', `auth-trunc hmac(sha256) ${R} 128`],
  [
    `a\n-----BEGIN RSA PRIVATE KEY-----\n${X}\n${X}\n-----END RSA PRIVATE KEY-----\nb`,
    `a\n-----BEGIN ${R} \n\n\n-----END RSA PRIVATE KEY-----\nb`,
  ],
  [
    `{"k":"-----BEGIN PRIVATE KEY-----\\n${X}\\n-----END PRIVATE KEY-----\\n"}`,
    `{"k":"-----BEGIN ${R} -----END PRIVATE KEY-----\\n"}`,
  ],
  [`-----BEGIN OPENSSH PRIVATE KEY-----\n${X}`, `-----BEGIN ${R} \n`],
  [`SECRET_KEY_BASE=${X}\npwd=${X}\nDB_PW: ${X}\nauthpw ${X}\nrootpw ${X}\n{"pw":"${X}"}`, undefined!],
  [`/bin/x\0--password\0${X}\0`, `/bin/x\0--password\0${R}`],
  [
    `{"MESSAGE":${bytesOf(`auth_pass ${X}`)},"PRIORITY":"6"}`,
    `{"MESSAGE":${bytesOf(`auth_pass ${R}`)},"PRIORITY":"6"}`,
  ],
];

/** As journalctl -o json has a text with control characters in it. */
function bytesOf(text: string): string {
  return JSON.stringify([...Buffer.from(text)]);
}

/** What has a word of a secret, and none. */
const INNOCENT = [
  'gre 47 29 src=10.0.0.1 dst=10.0.0.2 srckey=0x1 dstkey=0x2 [UNREPLIED]',
  'authentication {\n  auth_type PASS\n}',
  '{"meta": {"key": "l4proto"}}, {"ct": {"key": "state"}}',
  'meta l4proto tcp ct state new',
  'internal bypass:\n 0 Bytes 0 Pckts',
  'key /etc/ssl/private/x.pem\nssl_key = "/etc/x"\nkey "rndc" {',
  '{"secrets":3,"token":null,"public_key":1}',
  'passive on, bypass, monkey business, tokens 3, compass north',
  'password ""',
  'joe ALL=(root) NOPASSWD: /usr/sbin/conntrack -L',
  'PWD=/root\nOLDPWD=/var/log\npwd\nthe pw of it',
  '{"MESSAGE":[27,91,109,300],"PORTS":[22,80]}',
  '-----\n----- a table -----',
];

describe('secrets', () => {
  for (const [text, expected] of STATEMENTS) {
    it(`removes them from: ${JSON.stringify(text)}`, () => {
      const clean = withoutSecrets(text);
      if (expected !== undefined) expect(clean).to.equal(expected);
      else expect(clean).not.to.contain(X);
      expect(clean.split('\n')).to.have.length(text.split('\n').length);
      expect(withoutSecrets(clean)).to.equal(clean);
    });
  }

  for (const text of INNOCENT) {
    it(`leaves alone: ${JSON.stringify(text)}`, () => {
      expect(withoutSecrets(text)).to.equal(text);
    });
  }

  it('counts them, and not what was removed already', () => {
    const cleaner = new TextCleaner();
    const once = cleaner.cleanText(Buffer.from(`auth_pass a\nkey=b\n-----BEGIN X KEY-----\nc\n-----END X KEY-----\n`));
    expect(cleaner.counts.secrets).to.equal(3);
    cleaner.cleanText(once);
    expect(cleaner.counts.secrets).to.equal(3);
    expect(cleaner.counts).to.include({ ipv4: 0, mac: 0, host_names: 0 });
  });

  it('changes no byte of what the tools print, and of no configuration without a secret', () => {
    const folder = new URL('../../fixtures/', import.meta.url);
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(?:archive|conf|txt|json|page)$/.test(file)) continue;
      const bytes = readFileSync(new URL(file, folder));
      expect(new TextCleaner().cleanText(bytes).equals(bytes), file).to.equal(true);
    }
  });

  it('leaves keepalived.conf as it is read, but for the secret', () => {
    const conf = (pass: string): string => `vrrp_instance A {
  interface eth0
  authentication {
    auth_type PASS
    auth_pass ${pass}
  }
  virtual_ipaddress { 10.0.0.1/24 }
}
`;
    const read = parseKeepalivedConf(withoutSecrets(conf(`"${X} }" ! was: ${X}`)), 'k.conf');
    expect(read).to.deep.equal(parseKeepalivedConf(conf(R), 'k.conf'));
    expect(read.warnings).to.deep.equal([]);
  });

  it('removes any password of keepalived, wherever it stands among other lines', () => {
    const secret = fc
      .stringMatching(/^[A-Za-z0-9!$%&/()=?+*~,;.:_-]{6,20}$/)
      .filter((text) => !/^[\d.e+-]+,/i.test(text));
    const line = fc.constantFrom(
      '',
      '}',
      ' authentication {',
      'state MASTER',
      '# comment',
      '-----',
      'a "b" c',
      "it's",
      'key',
      '"',
    );
    const quote = fc.constantFrom('', '"', "'");
    const word = fc.constantFrom(
      'auth_pass ',
      '  auth_pass\t',
      'password=',
      '$MY_PASS = ',
      '# auth_pass ',
      '"password": ',
    );
    fc.assert(
      fc.property(fc.array(line), word, quote, secret, fc.array(line), (before, keyword, mark, text, after) => {
        const lines = [...before, `${keyword}${mark}${text}${mark}`, ...after].join('\n');
        fc.pre(!before.join('\n').includes(text) && !after.join('\n').includes(text) && !keyword.includes(text));
        expect(withoutSecrets(lines)).not.to.contain(text);
      }),
      { numRuns: 1000 },
    );
  });
});
