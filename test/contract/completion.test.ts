import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { allStatements } from '../../src/config/schema/help.js';
import { must, run } from '../lab/run.js';
import { ctsync, NEUTRAL } from '../support/ctsync.js';
import { missingTools } from '../support/missing-tools.js';
import { skipFor } from '../support/skip.js';
import { terminalUnavailable } from '../support/terminal.js';

const STATEMENTS = `# Candidate
set service conntrack-sync accept-protocol 'tcp'
set service conntrack-sync accept-protocol 'udp'
set service conntrack-sync ignore-address '2001:db8::/32'
set service conntrack-sync interface eth0 port '3781'
set service conntrack-sync pass-through general 'LogFile /var/log/conntrackd.log'
set service conntrack-sync pass-through general "Nice '5'"
set service conntrack-sync startup-resync
`;

describe('contract: completion in bash', () => {
  let folder: string;
  let script: string;
  const env = () => ({ ...NEUTRAL, CTSYNC_STATE_DIR: folder, CTSYNC_CONFIG_DIR: join(folder, 'etc') });
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-completion-'));
    script = join(folder, 'ctsync.bash');
    const { stdout, stderr, code } = await ctsync(['completion', 'bash']);
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    writeFileSync(script, stdout);
    writeFileSync(join(folder, 'candidate.conf'), STATEMENTS);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** What is offered behind each line; the function is called as bash calls it. */
  async function offered(...lines: string[]): Promise<string[][]> {
    const program = `source "$1"
while IFS= read -r COMP_LINE; do
  COMP_POINT=\${#COMP_LINE}
  _ctsync
  printf '%s\\t' "\${COMPREPLY[@]}"
  echo
done`;
    const { stdout, stderr } = await run(['bash', '--norc', '-c', program, 'bash', script], {
      env: env(),
      input: lines.map((line) => `${line}\n`).join(''),
    });
    expect(stderr).to.equal('');
    return stdout.split('\n').map((line) => line.split('\t').filter((word) => word !== ''));
  }

  for (const [line, ...words] of [
    ['ctsync sh', 'show'],
    ['ctsync show conntrack table ', 'ipv4', 'ipv6'],
    ['ctsync show conntrack-sync cache internal ', 'expect', 'main'],
    ['ctsync show conntrack table --limit 5 ipv4 --form', '--format'],
    ['ctsync show conntrack table ipv4 --format ', 'table', 'wide', 'json', 'ndjson', 'csv'],
    ['ctsync show conntrack table ipv4 --format=nd', 'ndjson'],
    ['ctsync set service conntrack-sync accept-protocol t', 'tcp'],
    ['ctsync set service conntrack-sync accept-protocol "u', 'udp'],
    ['ctsync set service conntrack-sync interface l', 'lo'],
    ['ctsync set service conntrack-sync interface any0 p', 'pass-through', 'peer', 'port'],
    ['ctsync set service conntrack-sync interface any0 port ', '3780'],
    ['ctsync delete service conntrack-sync accept-protocol ', 'tcp', 'udp'],
    ['ctsync delete service conntrack-sync interface ', 'eth0'],
    ['ctsync delete service conntrack-sync interface eth0 ', 'port'],
    // bash replaces what stands behind the last colon.
    ['ctsync delete service conntrack-sync ignore-address 2001:db', 'db8::/32'],
    ['ctsync delete service conntrack-sync pass-through general ', "'LogFile /var/log/conntrackd.log'", `"Nice '5'"`],
    ["ctsync delete service conntrack-sync pass-through general 'Lo", 'LogFile /var/log/conntrackd.log'],
    ['ctsync delete service conntrack-sync startup-resync '],
    ['ctsync frob '],
    ['ctsync set service conntrack-sync frob '],
  ] as [string, ...string[]][]) {
    it(`offers behind "${line}": ${words.join(' ') || 'nothing'}`, async () => {
      expect((await offered(line))[0]).to.deep.equal(words);
    });
  }

  it('leads to every statement of the table', async () => {
    for (const { text, option } of allStatements()) {
      const words = text.split(' ').slice(0, option.value === undefined ? undefined : -1);
      for (const [index, word] of words.entries()) {
        if (words[index - 1] === 'interface') continue;
        const before = ['ctsync set service conntrack-sync', ...words.slice(0, index)].join(' ');
        expect((await offered(`${before} `))[0], `${before} …`).to.include(word);
      }
    }
  }).timeout(60_000);

  it('offers the sync groups of keepalived', async () => {
    const conf = join(folder, 'keepalived.conf');
    writeFileSync(conf, 'vrrp_sync_group ONE {\n}\n  vrrp_sync_group\tTWO\n{\n}\n#vrrp_sync_group THREE {\n');
    const line = 'ctsync set service conntrack-sync failover-mechanism vrrp sync-group ';
    const { stdout } = await run(
      [
        'bash',
        '-c',
        `source '${script}'; COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; _ctsync; echo "\${COMPREPLY[@]}"`,
      ],
      { env: { ...env(), CTSYNC_KEEPALIVED_CONFIG: conf } },
    );
    expect(stdout).to.equal('ONE TWO\n');
  });

  it('never says anything, whatever the line and the files are', async () => {
    mkdirSync(join(folder, 'etc'), { recursive: true });
    const word = fc.constantFrom(
      "'",
      '"',
      '\\',
      '$(exit 1)',
      '`',
      '*',
      '--',
      '-',
      '=',
      'set',
      'delete',
      'service',
      'x y',
      '\u001b[0m',
    );
    const lines = fc.sample(fc.array(word, { maxLength: 6 }), 200).map((words) => `ctsync ${words.join(' ')}`);
    expect(await offered(...lines)).to.have.length(lines.length + 1);
    writeFileSync(join(folder, 'candidate.conf'), "\u0000\nset service conntrack-sync\nset service conntrack-sync '\n");
    await offered('ctsync delete service conntrack-sync ', "ctsync delete service conntrack-sync '");
    rmSync(join(folder, 'candidate.conf'));
    expect((await offered('ctsync delete service conntrack-sync '))[0]).to.deep.equal([]);
    writeFileSync(join(folder, 'candidate.conf'), STATEMENTS);
  });

  it('works with the Tab key', async function () {
    skipFor(this, terminalUnavailable());
    const typed = [
      'ctsync sho\tconntrack-s\tstati\tnetw\t',
      'ctsync show conntrack table ipv4 --format=nd\t',
      'ctsync delete service conntrack-sync ignore-address 2001:db8::/\t',
      'ctsync delete service conntrack-sync pass-through general Log\t',
    ];
    const rc = join(folder, 'rc');
    writeFileSync(rc, `PS1=\nbind 'set bell-style none'\nctsync() { printf '<%s>\\n' "$*"; }\nsource '${script}'\n`);
    const { stdout } = await run(['script', '-qec', `bash --noprofile --rcfile '${rc}' -i`, '/dev/null'], {
      env: { ...env(), TERM: 'dumb' },
      input: `${typed.join('\n')}\nexit\n`,
    });
    expect([...stdout.matchAll(/<(.*?) ?>\r?\n/g)].map(([, words]) => words)).to.deep.equal([
      'show conntrack-sync statistics network',
      'show conntrack table ipv4 --format=ndjson',
      'delete service conntrack-sync ignore-address 2001:db8::/32',
      'delete service conntrack-sync pass-through general LogFile /var/log/conntrackd.log',
    ]);
  });

  it('is a script in which shellcheck finds nothing', async function () {
    skipFor(this, missingTools('the check of the script needs', ['shellcheck']));
    expect(await must(['shellcheck', '--shell', 'bash', script])).to.equal('');
  });
});
