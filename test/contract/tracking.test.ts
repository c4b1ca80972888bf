import { expect } from 'chai';
import { documentOf } from '../support/documents.js';
import { Sandbox, sandboxUnavailable, type SandboxOptions, without } from '../support/sandbox.js';
import { TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const NOT_LOADED =
  'Connection tracking is not loaded in this kernel, so there is nothing to show. A NAT or stateful firewall rule loads it.';
const NOT_IN_USE =
  'Connection tracking is not in use here: no firewall rule asks for it. A NAT or stateful firewall rule switches it on.';
const MAY_NOT_BE_IN_USE =
  'Connection tracking may not be in use here: the firewall rules could not be read. A NAT or stateful firewall rule switches it on.';
const NAT = `
nft 'add table ip t; add chain ip t c { type nat hook postrouting priority 100; }; add rule ip t c masquerade'`;
const IPTABLES_TOOLS = ['iptables-save', 'ip6tables-save', 'iptables-legacy-save', 'ip6tables-legacy-save'];
const IPTABLES = `
iptables -t nat -A POSTROUTING -j MASQUERADE`;
const LEGACY = `
iptables-legacy -t nat -A POSTROUTING -j MASQUERADE`;
/** A kernel with modules, of which nf_tables is none that is loaded. */
const NF_TABLES_NOT_LOADED = `
mkdir -p /lib/modules
mount -t tmpfs none /lib/modules
mkdir "/lib/modules/$(uname -r)"
: > "/lib/modules/$(uname -r)/modules.builtin"
mount -t tmpfs none /sys/module`;
/** Lets the operator's conntrack answer, and nothing else: the table is there, the rules can't be read. */
const CONNTRACK_ONLY = `
( umask 0226; echo 'operator ALL=(root) NOPASSWD: /usr/sbin/conntrack' > /mnt/sudoers-of-one )
mount --bind /mnt/sudoers-of-one /etc/sudoers`;

describe('contract: an empty table, and what it means', function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start();
  });
  after(() => sandbox?.stop());

  const conditions: [what: string, tracking: string, note: string | undefined, options: SandboxOptions][] = [
    [
      'connection tracking is not loaded',
      'not_loaded',
      NOT_LOADED,
      { first: 'mount -t tmpfs none /proc/sys/net/netfilter' },
    ],
    ['no rule asks for connection tracking', 'not_in_use', NOT_IN_USE, {}],
    ['a rule asks for the state of connections', 'in_use', undefined, { first: TRACKING }],
    ['a rule translates addresses', 'in_use', undefined, { first: NAT }],
    ['a rule of iptables translates addresses', 'in_use', undefined, { first: IPTABLES }],
    ['that rule, where nft is not installed', 'in_use', undefined, { first: IPTABLES + without('nft') }],
    ['a rule of the legacy iptables translates addresses', 'in_use', undefined, { first: LEGACY }],
    ['the rules can not be read', 'unknown', MAY_NOT_BE_IN_USE, { as: 'operator', first: CONNTRACK_ONLY }],
    ['nft is not installed, which alone sees all rules', 'unknown', MAY_NOT_BE_IN_USE, { first: without('nft') }],
    ['there is no tool to read rules with', 'unknown', MAY_NOT_BE_IN_USE, { first: without('nft', ...IPTABLES_TOOLS) }],
  ];
  for (const [what, tracking, note, options] of conditions) {
    it(what, async () => {
      const [asText, asJson] = await Promise.all(
        [[], ['--json']].map((flags) =>
          sandbox.ctsync(['show', 'conntrack', 'table', 'ipv4', ...flags], { ...options, alone: true }),
        ),
      );
      const warning = note === undefined ? '' : `Warning: ${note}\n`;
      expect(asText).to.deep.equal({
        stdout: 'No IPv4 flows.\n',
        stderr: warning,
        code: 0,
        signal: null,
      });
      const document = documentOf(asJson!.stdout);
      expect(document).to.deep.include({ flows: [], tracking, complete: true });
      expect(document.notes).to.deep.equal(note === undefined ? undefined : [note]);
      expect(asJson).to.include({ stderr: warning, code: 0 });
    });
  }

  it('conntrack is not even run where connection tracking is not loaded: it would load it', async () => {
    const first = 'mount -t tmpfs none /proc/sys/net/netfilter';
    const under = ['strace', '-f', '-qq', '-o', '/mnt/trace', '-e', 'trace=execve'];
    await sandbox.ctsync(['show', 'conntrack', 'table', 'ipv6'], { first, under });
    const executed = await sandbox.sh('cat /mnt/trace');
    expect(executed)
      .to.match(/execve\("\/mnt\/node"/)
      .and.not.to.match(/execve\("[^"]*(?:conntrack|nft)"/);
  });

  it("asks only the legacy iptables where nf_tables is not loaded: its tools, iptables' too, would load it", async () => {
    const under = ['strace', '-f', '-qq', '-o', '/mnt/trace', '-e', 'trace=execve'];
    const options = { first: NF_TABLES_NOT_LOADED, under, alone: true };
    const { stderr } = await sandbox.ctsync(['show', 'conntrack', 'table', 'ipv4'], options);
    expect(stderr).to.equal(`Warning: ${NOT_IN_USE}\n`);
    const executed = await sandbox.sh('cat /mnt/trace');
    expect(executed)
      .to.match(/execve\("[^"]*\/iptables-legacy-save"/)
      .and.not.match(/execve\("[^"]*\/(?:nft|ip6?tables-save)"/);
  });
});
