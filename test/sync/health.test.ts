import { expect } from 'chai';
import type { CacheDetails } from '../../src/model/daemon-pages.js';
import type { Finding } from '../../src/model/health.js';
import type { AcceptedFlows, NodeObservation, NodeSample } from '../../src/model/node-observation.js';
import type { FailoverMechanism, GroupRole } from '../../src/model/sync-status.js';
import { healthOf } from '../../src/sync/health.js';

const LINK = { bytes: 1000, packets: 100, errors: 0 };
const DONE = { total: 10, failed: 0 };

function cache(name: string, over: Partial<CacheDetails> = {}): CacheDetails {
  return {
    name,
    kind: 'cache',
    active: 10,
    total: 10,
    created: { ...DONE, no_memory: 0, no_space: 0 },
    updated: { ...DONE, not_found: 0 },
    destroyed: { ...DONE, not_found: 0 },
    ...over,
  };
}

/** A sample of a daemon that is well; packets come with the seconds. */
function sample(seconds: number, pages: Partial<NodeSample['pages']> = {}, over: Partial<NodeSample> = {}): NodeSample {
  const traffic = { sent: { ...LINK }, received: { ...LINK, packets: 100 + seconds } };
  return {
    at: seconds * 1000,
    pages: {
      main: {
        caches: [],
        link: { transport: 'multicast', device: 'eth0', ...traffic },
        messages: { malformed: 0, lost: 263 },
      },
      network: {
        received: {
          malformed: 0,
          wrong_version: 0,
          malformed_header: 0,
          malformed_payload: 0,
          bad_type: 0,
          truncated: 0,
          bad_size: 0,
        },
        sent: { malformed: 0 },
        sequence: { lost: 263, before: 0 },
        link: { transport: 'multicast', device: 'eth0', ...traffic },
      },
      cache: { caches: [cache('internal'), cache('external')] },
      runtime: {
        netlink: { events_received: 1000, events_filtered: 10, overrun: 0 },
        runtime: { child_process_failed: 0, child_process_segfault: 0, child_process_termsig: 0 },
      },
      link: {
        links: [
          { transport: 'multicast', device: 'eth0', status: 'RUNNING', role: 'ACTIVE', ...traffic },
          { transport: 'multicast', device: 'eth3', status: 'RUNNING', role: 'BACKUP', ...traffic },
        ],
      },
      queue: { allocated_nodes: 0, queues: [{ name: 'txqueue', elements: 0, limit: 2147483647, no_space: 0 }] },
      ...pages,
    },
    unacknowledged: 3,
    sockets: [{ address: '0.0.0.0', port: 3780, drops: 0 }],
    tracking: { insert_failed: 5, drop: 0, early_drop: 0 },
    flows: 100,
    ...over,
  };
}

/** On a node on which nothing comes and goes. */
function compared(kernel: number, internal: number): AcceptedFlows {
  return { internal, kernel, possible: kernel, least: kernel, most: kernel };
}

const links = ['eth0', 'eth3'].map((name, i) => ({
  transport: 'multicast' as const,
  default: i === 0,
  interface: name,
}));

/** Of an active/active pair. */
const TWO_GROUPS: FailoverMechanism = { type: 'vrrp', sync_groups: ['G', 'H'], without_hook: [] };

function roles(first: 'master' | 'backup', second: 'master' | 'backup'): GroupRole[] {
  return [
    { sync_group: 'G', role: first, held: [], missing: [] },
    { sync_group: 'H', role: second, held: [], missing: [] },
  ];
}

/** A master that is well, five seconds apart. */
function healthy(over: Partial<NodeObservation> = {}): NodeObservation {
  return {
    conf: { general: {}, sync: { mode: 'ftfw', links }, warnings: [] },
    confFile: '/etc/conntrackd/conntrackd.conf',
    confChanged: new Date('2026-11-22T10:00:00Z'),
    runningSince: new Date('2026-11-22T10:00:00Z'),
    strangers: [],
    before: sample(0),
    now: sample(5),
    limit: 1000,
    accounting: true,
    timestamps: true,
    roles: [{ sync_group: 'G', role: 'master', held: ['192.0.2.1'], missing: [] }],
    mechanism: { type: 'vrrp', sync_groups: ['G'], without_hook: [] },
    transition: { state: 'MASTER', at: '2026-11-22T10:00:01.000Z', at_text: '2026-11-22T10:00:01.000Z' },
    interfaces: ['lo', 'eth0', 'eth3'],
    accepted: compared(100, 100),
    readAt: new Date('2026-11-22T12:00:00Z'),
    logSince: Date.parse('2026-11-22T09:00:00Z'),
    log: [
      { at: '2026-11-22T10:00:01.000Z', message: 'committing all external caches', event: { type: 'commit_started' } },
      { at: '2026-11-22T10:00:01.000Z', message: 'Committed 3 new entries', event: { type: 'committed', flows: 3 } },
      {
        at: '2026-11-22T10:00:01.000Z',
        message: 'commit has taken 0.1 seconds',
        event: { type: 'commit_took', seconds: 0.1 },
      },
    ],
    unread: {},
    ...over,
  };
}

function codes(node: NodeObservation): string[] {
  return healthOf(node).findings.map(({ code, severity, subject }) =>
    [code, severity, ...(subject === undefined ? [] : [subject])].join(' '),
  );
}

const SILENT = sample(5);

/** {@link SILENT}, but for what has come over one link. */
function heardOver(device: string): NodeSample {
  const { links: all } = SILENT.pages.link!;
  const heard = all.map((link) =>
    link.device === device ? { ...link, received: { ...link.received, packets: 900 } } : link,
  );
  return sample(5, { link: { links: heard } });
}

function allDown(at: number): NodeSample {
  const downs = SILENT.pages.link!.links.map((link) => ({ ...link, status: 'DOWN' as const }));
  return { ...sample(5, { link: { links: downs } }), at };
}

/** The sample of {@link healthy} that is now, with another general page. */
function nowMain(over: object): NodeSample {
  const { main } = sample(5).pages;
  return sample(5, { main: { ...main!, ...over } });
}

describe('the health of a node', () => {
  it('is ok where nothing is wrong, and everything was looked at', () => {
    expect(healthOf(healthy())).to.deep.equal({ verdict: 'ok', findings: [], not_checked: [], sampled_seconds: 5 });
  });

  const failure = (
    code: 'DAEMON_UNREACHABLE' | 'TIMEOUT' | 'PERMISSION_DENIED' | 'CONFIG_INVALID' | 'TOOL_MISSING',
  ) => ({
    daemonFailure: { code, message: 'It is so.' },
    now: sample(5, { main: undefined, network: undefined } as object),
  });
  const noPages = { at: 5000, pages: {}, flows: 1, tracking: {} };

  for (const [what, over, wanted] of [
    ['a daemon that is down', { ...failure('DAEMON_UNREACHABLE'), now: noPages }, ['CTS-101 critical']],
    ['a daemon that hangs', { ...failure('TIMEOUT'), now: noPages }, ['CTS-102 critical']],
    ['a socket that is closed to us', { ...failure('PERMISSION_DENIED'), now: noPages }, ['CTS-103 unknown']],
    ['a configuration with a mistake', { ...failure('CONFIG_INVALID'), now: noPages }, ['CTS-104 unknown']],
    ['a tool that is not there', { ...failure('TOOL_MISSING'), now: noPages }, ['CTS-105 unknown']],
    ['a file changed later', { confChanged: new Date('2026-11-22T10:00:05Z') }, ['CTS-106 warning']],
    ['a stranger', { strangers: ['/usr/local/sbin/conntrackd'] }, ['CTS-108 warning /usr/local/sbin/conntrackd']],
    [
      'a child that failed',
      { now: sample(5, { runtime: { netlink: {}, runtime: { child_process_termsig: 1 } } }) },
      ['CTS-107 warning'],
    ],
    ['a silent peer', { before: SILENT, now: { ...SILENT, at: 10_000 } }, ['CTS-201 critical']],
    ['a peer that is heard over the other link', { before: SILENT, now: { ...heardOver('eth3'), at: 10_000 } }, []],
    [
      'links that are all down, over which nobody is heard',
      { before: allDown(0), now: allDown(10_000) },
      ['CTS-205 critical'],
    ],
    [
      'a silent peer in ALARM mode, which has no alive messages',
      {
        conf: { general: {}, sync: { mode: 'alarm' as const, links }, warnings: [] },
        before: sample(5),
        now: { ...sample(5), at: 10_000 },
      },
      [],
    ],
    [
      'messages that nobody acknowledges',
      {
        before: sample(0, {}, { unacknowledged: 500 }),
        between: sample(3, {}, { unacknowledged: 900 }),
        now: sample(6, {}, { unacknowledged: 900 }),
      },
      ['CTS-202 critical'],
    ],
    [
      'messages that a peer acknowledges late, which had no time for a moment',
      {
        before: sample(0, {}, { unacknowledged: 5 }),
        between: sample(3, {}, { unacknowledged: 1900 }),
        now: sample(6, {}, { unacknowledged: 800 }),
      },
      [],
    ],
    [
      'messages under way in a window',
      { before: sample(0, {}, { unacknowledged: 5 }), now: sample(5, {}, { unacknowledged: 290 }) },
      [],
    ],
    [
      'lost messages that are sent again',
      { now: nowMain({ messages: { malformed: 0, lost: 266 } }) },
      ['CTS-301 warning'],
    ],
    [
      'lost messages that are not',
      {
        conf: { general: {}, sync: { mode: 'notrack' as const, links }, warnings: [] },
        now: nowMain({ messages: { malformed: 0, lost: 266 } }),
      },
      ['CTS-301 critical'],
    ],
    [
      'lost messages that are not, but no more since: the gap of a peer that was restarted',
      {
        conf: { general: {}, sync: { mode: 'notrack' as const, links }, warnings: [] },
        between: nowMain({ messages: { malformed: 0, lost: 266 } }),
        now: nowMain({ messages: { malformed: 0, lost: 266 } }),
      },
      ['CTS-301 information'],
    ],
    [
      'lost messages that are not, and more of them',
      {
        conf: { general: {}, sync: { mode: 'notrack' as const, links }, warnings: [] },
        between: nowMain({ messages: { malformed: 0, lost: 266 } }),
        now: nowMain({ messages: { malformed: 0, lost: 270 } }),
      },
      ['CTS-301 critical'],
    ],
    [
      'a TCP link that nobody has connected to',
      {
        now: nowMain({
          link: {
            transport: 'tcp',
            device: 'eth0',
            server: 'connected',
            client: 'disconnected',
            sent: LINK,
            received: LINK,
          },
        }),
      },
      ['CTS-207 critical'],
    ],
    ['malformed messages', { now: nowMain({ messages: { malformed: 1, lost: 263 } }) }, ['CTS-302 warning']],
    [
      'send errors',
      {
        now: nowMain({
          link: {
            transport: 'multicast',
            device: 'eth0',
            sent: { ...LINK, errors: 2 },
            received: { ...LINK, packets: 105 },
          },
        }),
      },
      ['CTS-303 warning eth0'],
    ],
    [
      'drops of the socket',
      { now: sample(5, {}, { sockets: [{ address: '0.0.0.0', port: 3780, drops: 7 }] }) },
      ['CTS-304 warning port 3780'],
    ],
    [
      'a full queue',
      {
        now: sample(5, {
          queue: { allocated_nodes: 0, queues: [{ name: 'txqueue', elements: 9, limit: 9, no_space: 1 }] },
        }),
      },
      ['CTS-305 warning txqueue'],
    ],
    [
      'an overrun',
      { now: sample(5, { runtime: { netlink: { events_received: 1, overrun: 1 }, runtime: {} } }) },
      ['CTS-401 warning'],
    ],
    [
      'a filter that lets nothing through',
      {
        conf: {
          general: { filter: { protocols: { policy: 'accept' as const, names: ['TCP'] } } },
          sync: { mode: 'ftfw' as const, links },
          warnings: [],
        },
        now: sample(5, {
          runtime: { netlink: { events_received: 500, events_filtered: 500, overrun: 0 }, runtime: {} },
          cache: { caches: [cache('internal', { created: { total: 0, failed: 0 } }), cache('external')] },
        }),
      },
      ['CTS-402 critical'],
    ],
    [
      'an internal cache that is full',
      { now: sample(5, { cache: { caches: [cache('internal', { total: 262_144 }), cache('external')] } }) },
      ['CTS-403 critical'],
    ],
    [
      'an external cache without memory',
      {
        now: sample(5, {
          cache: {
            caches: [cache('internal'), cache('external', { created: { ...DONE, no_memory: 3, no_space: 0 } })],
          },
        }),
      },
      ['CTS-404 warning external'],
    ],
    [
      'updates of what is not there',
      {
        now: sample(5, {
          cache: { caches: [cache('internal'), cache('external', { updated: { ...DONE, not_found: 1 } })] },
        }),
      },
      ['CTS-405 information external'],
    ],
    ['a cache far from the kernel', { accepted: compared(10_000, 5000) }, ['CTS-406 warning']],
    ['a cache with more than the kernel', { accepted: compared(5000, 10_000) }, ['CTS-406 warning']],
    [
      'a cache that a backup has',
      {
        accepted: compared(10_000, 0),
        roles: [{ sync_group: 'G', role: 'backup', held: [], missing: [] }],
        transition: { state: 'BACKUP' },
      },
      [],
    ],
    [
      'a cache that is full, which is a finding of its own',
      {
        accepted: compared(10_000, 10),
        conf: { general: { hash_limit: 10 }, sync: { mode: 'ftfw', links }, warnings: [] },
      },
      ['CTS-403 critical'],
    ],
    [
      'a cache that lost events a moment ago, which is another',
      {
        accepted: compared(10_000, 10),
        now: sample(5, {
          runtime: {
            netlink: { events_received: 1000, events_filtered: 10, overrun: 1 },
            runtime: { child_process_failed: 0, child_process_segfault: 0, child_process_termsig: 0 },
          },
        }),
      },
      ['CTS-401 warning'],
    ],
    [
      'a comparison that was asked for in vain',
      { accepted: undefined, comparisonAsked: true, unread: { accepted: 'the table was cut' } },
      ['CTS-406 unknown'],
    ],
    ['a cache near the kernel', { accepted: compared(10_000, 9500) }, []],
    ['a table that fills up', { limit: 120 }, ['CTS-501 warning']],
    ['a table that is full', { limit: 100 }, ['CTS-501 critical']],
    ['a table without a limit', { limit: 0 }, []],
    [
      'counters of the kernel that rise',
      { now: sample(5, {}, { tracking: { insert_failed: 6, drop: 4, early_drop: 2 } }) },
      ['CTS-503 critical', 'CTS-504 critical', 'CTS-502 warning'],
    ],
    [
      'a flow that clashes, which the kernel counts twice',
      { now: sample(5, {}, { tracking: { insert_failed: 6, drop: 1, early_drop: 0 } }) },
      ['CTS-502 warning'],
    ],
    [
      'a clash, and a packet that is dropped beyond it',
      { now: sample(5, {}, { tracking: { insert_failed: 6, drop: 2, early_drop: 0 } }) },
      ['CTS-503 critical', 'CTS-502 warning'],
    ],
    ['a master that has not committed', { log: [] }, ['CTS-601 critical']],
    [
      'a master whose commit was refused, as that of its other sync group was at work',
      {
        log: [{ at: '2026-11-22T11:00:01.000Z', message: '', event: { type: 'commit_refused' as const } }],
        logSince: 0,
      },
      [],
    ],
    [
      'a commit that failed in part, and slowly',
      {
        log: [
          ...healthy().log!,
          { at: '2026-11-22T11:00:01.000Z', message: '', event: { type: 'commit_started' as const } },
          { at: '2026-11-22T11:00:01.000Z', message: '', event: { type: 'commit_failed' as const, flows: 3 } },
          { at: '2026-11-22T11:00:11.000Z', message: '', event: { type: 'commit_took' as const, seconds: 10.2 } },
        ],
      },
      ['CTS-602 warning', 'CTS-603 warning'],
    ],
    [
      'a loop of resyncs',
      {
        log: [
          ...healthy().log!,
          ...Array.from({ length: 6 }, (_, i) => ({
            at: `2026-11-22T11:5${i + 4}:00.000Z`,
            message: 'resync with master conntrack table',
            event: { type: 'kernel_resync' as const, table: 'flows' as const },
          })),
        ],
      },
      [],
    ],
    [
      'a loop of resyncs within five minutes',
      {
        log: [
          ...healthy().log!,
          ...Array.from({ length: 6 }, (_, i) => ({
            at: `2026-11-22T11:59:0${i}.000Z`,
            message: 'resync with master conntrack table',
            event: { type: 'kernel_resync' as const, table: 'flows' as const },
          })),
        ],
      },
      ['CTS-604 warning'],
    ],
    [
      'as many resyncs of a node that has two sync groups',
      {
        log: [
          ...healthy().log!,
          ...Array.from({ length: 11 }, (_, i) => ({
            at: `2026-11-22T11:59:${10 + i}.000Z`,
            message: 'resync with master conntrack table',
            event: { type: 'kernel_resync' as const, table: 'flows' as const },
          })),
        ],
        mechanism: TWO_GROUPS,
      },
      [],
    ],
    [
      'a loop of resyncs of a node that has two sync groups',
      {
        log: [
          ...healthy().log!,
          ...Array.from({ length: 12 }, (_, i) => ({
            at: `2026-11-22T11:59:${10 + i}.000Z`,
            message: 'resync with master conntrack table',
            event: { type: 'kernel_resync' as const, table: 'flows' as const },
          })),
        ],
        mechanism: TWO_GROUPS,
      },
      ['CTS-604 warning'],
    ],
    [
      'the resyncs of a failover and the way back, of three kinds',
      {
        log: (['this_node', 'other_node', undefined] as const).flatMap((by) =>
          [1, 2, 3].map((second) => ({
            at: `2026-11-22T11:58:0${second}.000Z`,
            message: 'resync',
            event: by === undefined ? { type: 'kernel_resync' as const } : { type: 'resync_requested' as const, by },
          })),
        ),
        transition: { state: 'MASTER' as const, at: '2026-11-22T11:59:55.000Z', at_text: 'x' },
      },
      [],
    ],
    [
      'a standby that was restarted',
      {
        roles: [{ sync_group: 'G', role: 'backup' as const, held: [], missing: ['192.0.2.1'] }],
        transition: { state: 'BACKUP' as const, at_text: 'x' },
        now: sample(5, {
          cache: { caches: [cache('internal'), cache('external', { active: 0, created: { total: 0, failed: 0 } })] },
        }),
      },
      ['CTS-605 warning'],
    ],
    [
      'a restarted node that is master of one of two groups: it is to take over the other',
      {
        roles: roles('master', 'backup'),
        transition: { state: 'BACKUP' as const, at_text: 'x' },
        now: sample(5, {
          cache: { caches: [cache('internal'), cache('external', { active: 0, created: { total: 0, failed: 0 } })] },
        }),
      },
      ['CTS-605 warning'],
    ],
    [
      'a restarted node that is master of both groups',
      {
        roles: roles('master', 'master'),
        now: sample(5, {
          cache: { caches: [cache('internal'), cache('external', { active: 0, created: { total: 0, failed: 0 } })] },
        }),
      },
      [],
    ],
    [
      'the last transition of either of two groups: to backup',
      {
        roles: roles('master', 'backup'),
        mechanism: TWO_GROUPS,
        transition: { state: 'BACKUP' as const, at_text: 'x' },
      },
      [],
    ],
    [
      'the last transition of either of two groups: to master',
      { roles: roles('backup', 'master'), mechanism: TWO_GROUPS },
      [],
    ],
    [
      'a record of a master that is backup of both groups',
      { roles: roles('backup', 'backup'), mechanism: TWO_GROUPS },
      ['CTS-701 warning G, H'],
    ],
    [
      'a record of a backup that is master of both groups',
      {
        roles: roles('master', 'master'),
        mechanism: TWO_GROUPS,
        transition: { state: 'FAULT' as const, at_text: 'x' },
      },
      ['CTS-701 warning G, H'],
    ],
    ['a record that says otherwise', { transition: { state: 'BACKUP' as const, at_text: 'x' } }, ['CTS-701 warning G']],
    [
      'a group without a hook',
      { mechanism: { type: 'vrrp' as const, sync_groups: ['G'], without_hook: ['H'] } },
      ['CTS-702 warning H'],
    ],
    [
      'a hook that is not called at every transition',
      {
        mechanism: {
          type: 'vrrp' as const,
          sync_groups: ['G'],
          without_hook: [],
          faulty_hooks: [{ sync_group: 'G', missing: ['fault' as const], wrong: ['stop' as const] }],
        },
      },
      ['CTS-702 warning G'],
    ],
    [
      'addresses in part',
      { roles: [{ sync_group: 'G', role: 'partial' as const, held: ['192.0.2.1'], missing: ['192.0.2.2'] }] },
      ['CTS-703 warning G'],
    ],
    [
      'neither bytes nor ages',
      { accounting: false, timestamps: false },
      ['CTS-901 information', 'CTS-902 information'],
    ],
  ] as const) {
    it(`${what}: ${wanted.join(', ') || 'nothing'}`, () => {
      expect(codes(healthy(over as Partial<NodeObservation>))).to.deep.equal(wanted);
    });
  }

  const down = (...devices: string[]): NodeSample => {
    const page = sample(5).pages.link!;
    return sample(5, {
      link: {
        links: page.links.map((link) => (devices.includes(link.device!) ? { ...link, status: 'NO-CARRIER' } : link)),
      },
    });
  };

  it('tells one link that is down from all of them, and one whose interface is gone', () => {
    expect(codes(healthy({ now: down('eth3') }))).to.deep.equal(['CTS-203 warning eth3']);
    expect(codes(healthy({ now: down('eth0', 'eth3') }))).to.deep.equal(['CTS-205 critical']);
    expect(codes(healthy({ interfaces: ['lo', 'eth0'] }))).to.deep.equal(['CTS-206 critical eth3']);
  });

  it('has a word for a synchronisation over the backup link', () => {
    const page = sample(5).pages.link!;
    const swapped = page.links.map((link) => ({ ...link, role: link.role === 'ACTIVE' ? 'BACKUP' : 'ACTIVE' }));
    expect(codes(healthy({ now: sample(5, { link: { links: swapped } }) }))).to.deep.equal(['CTS-204 warning eth3']);
  });

  it('of one sample tells no rates: it says what it did not check', () => {
    const { before: _, ...node } = healthy();
    const { findings, not_checked, sampled_seconds } = healthOf({
      ...node,
      unread: { before: 'there was one sample' },
    });
    expect(findings).to.deep.equal([]);
    expect(sampled_seconds).to.equal(undefined);
    expect(not_checked.map(({ code }) => code)).to.include.members([
      'CTS-201',
      'CTS-202',
      'CTS-301',
      'CTS-304',
      'CTS-502',
    ]);
    expect(new Set(not_checked.map(({ reason }) => reason))).to.deep.equal(new Set(['there was one sample']));
  });

  it('does not compare the figures of two links', () => {
    const before = sample(0);
    before.pages.main!.link!.device = 'eth3';
    const { findings, not_checked } = healthOf(healthy({ before }));
    expect(findings).to.deep.equal([]);
    expect(not_checked.map(({ code }) => code)).to.deep.equal(['CTS-303']);
  });

  it('takes counters that began again for no rise', () => {
    const before = sample(0, { main: { ...sample(0).pages.main!, messages: { malformed: 9, lost: 900 } } });
    const { findings, not_checked } = healthOf(healthy({ before }));
    expect(findings).to.deep.equal([]);
    expect(not_checked.map(({ code }) => code)).to.deep.equal(['CTS-301', 'CTS-302']);
  });

  it('a window that is too short says nothing of a silence', () => {
    const { findings, not_checked } = healthOf(healthy({ before: sample(5), now: { ...sample(5), at: 8000 } }));
    expect(findings).to.deep.equal([]);
    expect(not_checked).to.deep.equal([
      { code: 'CTS-201', name: 'peer-silent', reason: '3.0 s without a message are too few to say so' },
    ]);
  });

  it('every finding has evidence, a sentence and a next step, and says it once', () => {
    const all: Finding[] = healthOf(
      healthy({
        transition: { state: 'BACKUP', at_text: 'x' },
        limit: 100,
        accounting: false,
        interfaces: ['lo'],
        strangers: ['/opt/conntrackd'],
      }),
    ).findings;
    expect(all).to.have.length.above(4);
    for (const { code, message, evidence, next } of all) {
      expect(code).to.match(/^CTS-\d{3}$/);
      expect(evidence).to.not.have.length(0);
      expect(message).to.match(/^[A-Z/].*\.$/);
      expect(next).to.match(/^.*[.!]$|for new flows\.$/);
    }
  });
});
