import { expect } from 'chai';
import type { Health } from '../../src/model/health.js';
import type { SyncStatus, Unavailable } from '../../src/model/sync-status.js';
import { renderStatusPage, type StatusSurroundings } from '../../src/renderers/status-page.js';

const NOW = new Date('2026-11-22T15:33:00.123Z');
const TRAFFIC = { bytes: 0, packets: 0, errors: 0 };

/** A node where everything could be read. */
const WHOLE: SyncStatus = {
  sync_interfaces: ['eth0', 'eth1'],
  failover_mechanism: { type: 'vrrp', sync_groups: ['GEFOEKOM'], without_hook: [] },
  last_transition: { state: 'MASTER', at: '2026-11-22T13:28:00.123Z', at_text: '2026-11-22T13:28:00.123Z' },
  expectation_sync: ['ftp', 'sip'],
  roles: [{ sync_group: 'GEFOEKOM', role: 'master', held: ['10.0.0.1', 'fd00::1'], missing: [] }],
  daemon: {
    pid: 4711,
    running_since: '2026-11-22T12:33:00.000Z',
    uptime: '3 h',
    installed_version: '1.4.7',
    mode: 'ftfw',
  },
  links: [
    { transport: 'multicast', device: 'eth0', status: 'RUNNING', role: 'ACTIVE', sent: TRAFFIC, received: TRAFFIC },
    { transport: 'multicast', device: 'eth1', status: 'NO-CARRIER', role: 'BACKUP', sent: TRAFFIC, received: TRAFFIC },
  ],
  caches: [
    { name: 'internal', kind: 'cache', active: 19606 },
    { name: 'external', kind: 'cache', active: 1 },
  ],
  unavailable: [],
};

/** A verdict on a node that is well. */
const WELL: Health = { verdict: 'ok', findings: [], not_checked: [], sampled_seconds: 3 };

function pageOf(status: SyncStatus, surroundings: StatusSurroundings = {}, health = WELL): string {
  return renderStatusPage(status, health, surroundings);
}

/** The value of the page's line of that name. */
function line(status: SyncStatus, name: string, now?: Date): string | undefined {
  const page = pageOf(status, now === undefined ? {} : { now });
  return new RegExp(`^${name} *: (.*)$`, 'm').exec(page)?.[1];
}

/** The whole node without some of its parts, for these reasons. */
function lacking(parts: readonly (keyof SyncStatus)[], ...unavailable: Unavailable[]): SyncStatus {
  const rest = Object.entries(WHOLE).filter(([key]) => !parts.includes(key as keyof SyncStatus));
  return { ...(Object.fromEntries(rest) as unknown as SyncStatus), unavailable };
}

describe('renderers/status-page', () => {
  it("has the documentation's four lines first, and all else in the same form", () => {
    expect(pageOf(WHOLE, { now: NOW })).to.equal(
      'sync-interface        : eth0, eth1\n' +
        'failover-mechanism    : vrrp [sync-group GEFOEKOM]\n' +
        'last state transition : MASTER at 2026-11-22T13:28:00.123Z (2 h 5 min ago)\n' +
        'ExpectationSync       : ftp, sip\n' +
        'role                  : master of GEFOEKOM [holds 10.0.0.1, fd00::1]\n' +
        'daemon                : running since 2026-11-22T12:33:00.000Z (3 h ago) [process 4711]\n' +
        'mode                  : FTFW, as configured\n' +
        'installed version     : conntrackd 1.4.7\n' +
        'link eth0             : RUNNING, ACTIVE [multicast]\n' +
        'link eth1             : NO-CARRIER, BACKUP [multicast]\n' +
        'internal cache        : 19606 flows\n' +
        'external cache        : 1 flow\n' +
        'verdict               : OK\n',
    );
  });

  it('knows no time ago where it does not know what time it is', () => {
    expect(line(WHOLE, 'last state transition')).to.equal('MASTER at 2026-11-22T13:28:00.123Z');
    expect(line(WHOLE, 'daemon')).to.equal('running since 2026-11-22T12:33:00.000Z [process 4711]');
  });

  it('keeps the words of a date that could not be understood', () => {
    const at_text = 'Sun Nov 22 01:28:00 PM EET 2026';
    expect(line({ ...WHOLE, last_transition: { state: 'FAULT', at_text } }, 'last state transition', NOW)).to.equal(
      `FAULT at ${at_text}`,
    );
  });

  it('calls a time that is yet to come so, but for what two readings of a clock may differ by', () => {
    const early = (now: string) => line(WHOLE, 'last state transition', new Date(now));
    expect(early('2026-11-22T13:27:59.900Z')).to.match(/\(0 s ago\)$/);
    expect(early('2026-11-22T13:00:00.000Z')).to.match(/^MASTER at .* \(in the future by this clock\)$/);
  });

  it('names every kind of failover mechanism', () => {
    const cases: [found: Partial<NonNullable<SyncStatus['failover_mechanism']>>, shown: string][] = [
      [{ sync_groups: ['A', 'B'], without_hook: ['C'] }, 'vrrp [sync-groups A, B]; C: no hook'],
      [{ without_hook: ['C'] }, 'none found [sync group C has no notify script for conntrackd]'],
      [{ without_hook: ['C', 'D'] }, 'none found [sync groups C, D have no notify script for conntrackd]'],
      [{}, 'none found [keepalived has no sync group]'],
      [{ reason: '/etc/x does not exist' }, 'none found [/etc/x does not exist]'],
    ];
    for (const [found, shown] of cases) {
      const failover_mechanism = { type: 'vrrp' as const, sync_groups: [], without_hook: [], ...found };
      expect(line({ ...WHOLE, failover_mechanism }, 'failover-mechanism')).to.equal(shown);
    }
  });

  it('tells the role of each group', () => {
    const roles: SyncStatus['roles'] = [
      { sync_group: 'A', role: 'backup', held: [], missing: ['10.0.0.1'] },
      { sync_group: 'B', role: 'partial', held: ['10.0.0.2'], missing: ['10.0.0.3', '10.0.0.4'] },
    ];
    const page = pageOf({ ...WHOLE, roles });
    expect(page.match(/^role .*$/gm)).to.deep.equal([
      'role                  : backup of A [holds none of its virtual addresses]',
      'role                  : partly master of B [holds 10.0.0.2; does not hold 10.0.0.3, 10.0.0.4]',
    ]);
    expect(line({ ...WHOLE, roles: [] }, 'role')).to.equal('unknown [no sync group has a virtual address]');
    const failover_mechanism = { type: 'vrrp' as const, sync_groups: [], without_hook: [] };
    expect(line({ ...WHOLE, roles: [], failover_mechanism }, 'role')).to.equal(
      'unknown [keepalived has no sync group]',
    );
  });

  it('says why a cache keeps nothing', () => {
    const caches: SyncStatus['caches'] = [
      { name: 'internal', kind: 'bypass' },
      { name: 'external', kind: 'inject' },
    ];
    const status = { ...WHOLE, caches };
    expect(line(status, 'internal cache')).to.equal('none [DisableInternalCache is on]');
    expect(line(status, 'external cache')).to.equal('none [DisableExternalCache is on]');
  });

  it('shows a link whose interface is gone, by the name that is known or by none', () => {
    const gone = { transport: 'udp', status: 'RUNNING', role: 'ACTIVE', sent: TRAFFIC, received: TRAFFIC } as const;
    const named = { ...gone, device: 'eth3', interface_missing: true } as const;
    expect(line({ ...WHOLE, links: [named] }, 'link eth3')).to.equal('its interface does not exist [udp, ACTIVE]');
    expect(line({ ...WHOLE, links: [gone] }, 'link \\?')).to.equal('RUNNING, ACTIVE [udp]');
  });

  it('says where the configuration names another interface than the daemon uses', () => {
    const link = { ...WHOLE.links![0]!, configured_device: 'eth7' };
    expect(line({ ...WHOLE, links: [link] }, 'link eth0')).to.equal(
      'RUNNING, ACTIVE [multicast]; the configuration now names eth7 instead',
    );
  });

  it('warns of what an operator must know, and of no more', () => {
    const warnings: SyncStatus['warnings'] = [
      { program: 'conntrackd', file: '/c', line: 3, message: 'Nice is deprecated: conntrackd ignores it' },
      { program: 'conntrackd', file: '/c', message: 'Sync has no Mode: conntrackd takes FTFW' },
      { program: 'keepalived', file: '/k', line: 7, message: 'no file to include: x' },
    ];
    expect(pageOf({ ...WHOLE, warnings }).match(/^warning .*$/gm)).to.deep.equal([
      'warning               : /c: Sync has no Mode: conntrackd takes FTFW',
      'warning               : /k line 7: no file to include: x',
    ]);
  });

  it('says what is configured otherwise', () => {
    expect(line({ ...WHOLE, sync_interfaces: [] }, 'sync-interface')).to.match(/^none \[/);
    expect(line({ ...WHOLE, expectation_sync: 'all' }, 'ExpectationSync')).to.equal('all');
    expect(line({ ...WHOLE, daemon: { mode: 'stats' } }, 'mode')).to.equal('statistics, as configured');
    expect(line({ ...WHOLE, daemon: {} }, 'mode')).to.equal(undefined);
  });

  describe('what could not be read', () => {
    const cases: [what: string, parts: (keyof SyncStatus)[], part: string, lines: string[]][] = [
      [
        'the configuration',
        ['sync_interfaces', 'expectation_sync'],
        'sync-interface',
        ['sync-interface', 'ExpectationSync'],
      ],
      ["keepalived's configuration", ['failover_mechanism'], 'failover-mechanism', ['failover-mechanism']],
      ['the last transition', ['last_transition'], 'last state transition', ['last state transition']],
      ['the addresses', ['roles'], 'role', ['role']],
      ['the links', ['links'], 'links', ['links']],
      ['the caches', ['caches'], 'caches', ['caches']],
    ];
    for (const [what, parts, part, lines] of cases) {
      it(`${what}: is unknown for its reason, and the rest stands`, () => {
        const status = lacking(parts, { part, reason: 'as it is' });
        for (const name of lines) expect(line(status, name), name).to.match(/^unknown \[as it is\]/);
        const others = pageOf(WHOLE)
          .split('\n')
          .filter((text) => !/links?|cache|^$/.test(text));
        const names = others.map((text) => text.split(':')[0]!.trim());
        for (const name of names.filter((name) => !lines.includes(name))) {
          expect(line(status, name), name).to.equal(line(WHOLE, name));
        }
      });
    }

    it('the version', () => {
      const status = { ...WHOLE, daemon: {}, unavailable: [{ part: 'installed version', reason: 'gone' }] };
      expect(line(status, 'installed version')).to.equal('conntrackd unknown [gone]');
    });

    it('the process of a daemon that answers: its uptime stands for it', () => {
      const unavailable = [{ part: 'daemon process', reason: 'root alone can see it' }];
      const status = { ...WHOLE, daemon: { uptime: '2 days 3 h 5 min' }, unavailable };
      expect(line(status, 'daemon', NOW)).to.equal('running for 2 days 3 h 5 min [root alone can see it]');
      expect(line(status, 'daemon')).to.equal('had run for 2 days 3 h 5 min');
    });

    it('a daemon that says nothing, whether it is there or not', () => {
      const unavailable = [{ part: 'daemon', reason: 'it said nothing' }];
      expect(line({ ...WHOLE, daemon: {}, unavailable }, 'daemon', NOW)).to.equal('it said nothing');
      expect(line({ ...WHOLE, unavailable }, 'daemon', NOW)).to.equal(
        'it said nothing; it runs since 2026-11-22T12:33:00.000Z (3 h ago) [process 4711]',
      );
    });

    it('nothing at all', () => {
      const page = pageOf({ daemon: {}, unavailable: [] });
      expect(page.split('\n').slice(0, 4)).to.deep.equal([
        'sync-interface        : unknown [nothing tells]',
        'failover-mechanism    : unknown [nothing tells]',
        'last state transition : no transition yet!',
        'ExpectationSync       : unknown [nothing tells]',
      ]);
    });
  });

  it('folds long values on a terminal, and loses no word', () => {
    const reason = 'a reason that goes on and on, '.repeat(6).trim();
    const status = lacking(['links'], { part: 'links', reason });
    const folded = pageOf(status, { columns: 60 });
    expect(folded.split('\n').filter((text) => text.length > 60)).to.deep.equal([]);
    expect(folded).to.match(/\nlinks {17}: unknown \[a reason .*\n {24}\w/);
    expect(folded.split(/\s+/)).to.deep.equal(pageOf(status).split(/\s+/));
  });

  it('stands below its name on a terminal that is too narrow for both', () => {
    const reason = 'a reason that goes on and on, for longer than any line of a terminal';
    const narrow = pageOf(lacking(['links'], { part: 'links', reason }), { columns: 40 });
    expect(narrow.split('\n').filter((text) => text.length > 40)).to.deep.equal([]);
    expect(narrow).to.match(
      /\nlinks:\n {2}unknown \[a reason that goes on and on,\n {2}for longer than any line of a\n {2}terminal\]\n/,
    );
  });

  it('loses nothing of a word that is longer than a line', () => {
    const reason = `/${'long/'.repeat(40)}conntrackd.conf does not exist, and ${'x'.repeat(200)}\u{1f600} neither`;
    const status = lacking(['links'], { part: 'links', reason });
    for (const columns of [20, 60, 80, 81]) {
      const page = pageOf(status, { columns });
      expect(page.replace(/\s/g, '')).to.equal(pageOf(status).replace(/\s/g, ''));
      expect(page).to.not.include('…');
      if (columns > 60) expect(page.split('\n').filter((text) => text.length > columns)).to.deep.equal([]);
    }
  });

  it('escapes names that a file or a tool gave, and stays aligned with a long one', () => {
    const device = 'odd\u001b[2Jname';
    const links: SyncStatus['links'] = [
      { transport: 'tcp', device, status: 'RUNNING\u0007', role: 'ACTIVE', sent: TRAFFIC, received: TRAFFIC },
    ];
    const page = pageOf({ ...WHOLE, links });
    expect(page).to.match(/^link odd\\x1b\[2Jname *: RUNNING\\x07, ACTIVE \[tcp\]$/m);
    const long = pageOf({ ...WHOLE, links: [{ ...links[0]!, device: 'x'.repeat(30) }] });
    const at = long
      .trimEnd()
      .split('\n')
      .map((text) => text.indexOf(' : '));
    expect(new Set(at).size).to.equal(1);
  });

  describe('ends with the verdict', () => {
    const silent = {
      code: 'CTS-201',
      name: 'peer-silent',
      severity: 'critical' as const,
      message: 'The peer is silent.',
      evidence: [{ what: 'packets received', value: 5, before: 5, from: 'conntrackd -s' }],
      next: 'Look at the peer.',
    };
    const down = { ...silent, code: 'CTS-203', name: 'link-down', severity: 'warning' as const, subject: 'eth1' };
    const off = { ...silent, code: 'CTS-901', name: 'accounting-off', severity: 'information' as const };
    const unchecked = { code: 'CTS-406', name: 'internal-cache-far-from-kernel', reason: 'not asked for' };
    const last = (health: Partial<Health>, surroundings = {}): string[] => {
      const page = pageOf(WHOLE, surroundings, { ...WELL, ...health });
      return page.slice(page.indexOf('verdict ')).trimEnd().split('\n');
    };

    it('in one line', () => {
      expect(last({ not_checked: [unchecked] })).to.deep.equal([
        'verdict               : OK [1 rule not checked: --verbose]',
      ]);
      expect(last({ findings: [off] })).to.deep.equal(['verdict               : OK']);
      expect(last({ verdict: 'critical', findings: [silent] })).to.deep.equal([
        'verdict               : CRITICAL: The peer is silent. [CTS-201, --verbose has the evidence]',
      ]);
      expect(last({ verdict: 'critical', findings: [silent, down, down, off] })).to.deep.equal([
        'verdict               : CRITICAL: The peer is silent. [CTS-201, and 2 more: --verbose]',
      ]);
    });

    it('with every finding, its evidence and its next step, and what was not checked', () => {
      expect(
        last(
          { verdict: 'critical', findings: [silent, off], not_checked: [unchecked] },
          { verbose: true, columns: 80 },
        ),
      ).to.deep.equal([
        'verdict               : CRITICAL [2 findings; two samples, 3.0 s apart]',
        'critical              : CTS-201 peer-silent: The peer is silent.',
        '                        packets received: 5, before 5 [conntrackd -s]',
        '                        Next: Look at the peer.',
        'information           : CTS-901 accounting-off: The peer is silent.',
        '                        packets received: 5, before 5 [conntrackd -s]',
        '                        Next: Look at the peer.',
        'not checked           : CTS-406 internal-cache-far-from-kernel [not asked for]',
      ]);
    });
  });
});
