import { expect } from 'chai';
import { announcedExpectations, announcedFlows, complaintOf, refusedBySudo } from '../../src/parsers/tool-messages.js';
import { readArchive } from '../support/archive.js';

const messages = new Map(
  [...readArchive(new URL('../fixtures/tool-messages.archive', import.meta.url))].map(([name, bytes]) => [
    name,
    bytes.toString('latin1'),
  ]),
);

describe('messages of the tools', () => {
  const KINDS: readonly (readonly [string, string, string])[] = [
    [
      'errors/nonroot_list',
      'permission',
      'Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this',
    ],
    [
      'errors/root_without_netadmin',
      'permission',
      'Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this',
    ],
    ['errors/nonroot_events', 'permission', 'mnl_socket_bind: Operation not permitted'],
    ['errors/inj_list_recv_ENOBUFS_5th', 'other', 'Operation failed: No buffer space available'],
    ['conntrackd-errors/down_s', 'cannot-connect', "can't connect: is conntrackd running? appropriate permissions?"],
    ['conntrackd-errors/nonroot_s', 'cannot-connect', "can't connect: is conntrackd running? appropriate permissions?"],
    [
      'conntrackd-errors/C_without_file',
      'cannot-connect',
      "can't connect: is conntrackd running? appropriate permissions?",
    ],
    ['conntrackd-errors/config_missing', 'config-unreadable', "can't open config file `/nonexistent.conf'"],
    ['conntrackd-errors/config_dir', 'config-unreadable', 'input in flex scanner failed'],
    [
      'conntrackd-errors/config_syntax',
      'config-invalid',
      "parsing config file in line (2), symbol 'Frobnicate': syntax error",
    ],
    [
      'conntrackd-errors/config_sync_and_stats',
      'config-invalid',
      "cannot use both `Stats' and `Sync' clauses in conntrackd.conf",
    ],
    ['conntrackd-errors/s_badparam', 'other', "unknown parameter `nosuch' for option `-s'"],
  ];

  for (const [name, kind, text] of KINDS) {
    it(`${name} is ${kind}`, () => {
      expect(complaintOf(messages.get(`${name}.stderr`)!)).to.deep.equal({ kind, text });
    });
  }

  for (const complaint of [
    'Path is longer than 107 characters',
    'LockFile path is longer than 4096 characters',
    'Helper Policy is longer than 15 characters',
    'too many dedicated links in the configuration file (Maximum: 4)',
    "cannot use `UDP' with other dedicated link protocols!",
  ]) {
    it(`knows a configuration that conntrackd does not take: ${complaint}`, () => {
      const stderr = `[Mon Nov 23 08:16:45 2026] (pid=4711) [ERROR] ${complaint}\n`;
      expect(complaintOf(stderr)).to.deep.equal({ kind: 'config-invalid', text: complaint });
    });
  }

  it('has no complaint where a tool only warned, or said nothing', () => {
    expect(complaintOf(messages.get('conntrackd-errors/warn_on_stderr_r2.stderr')!)).to.equal(undefined);
    expect(complaintOf('')).to.equal(undefined);
  });

  it('gives one line without its prefix for every message of every version', () => {
    for (const [name, stderr] of messages) {
      const complaint = complaintOf(stderr);
      if (complaint)
        expect(complaint.text, name)
          .to.match(/^[^\n]+$/)
          .and.not.match(/^\[|^conntrack v/);
    }
  });

  it("reads conntrack's count in every version", () => {
    expect(announcedFlows(messages.get('conntrack-L/extended_id.stderr')!)).to.equal(42);
    expect(announcedFlows(messages.get('errors/empty_list.stderr')!)).to.equal(0);
    for (const version of ['1.4.4', '1.4.6', '1.4.7', '1.4.9']) {
      expect(announcedFlows(messages.get(`versions/${version}/L_ext_id.stderr`)!), version).to.be.a('number');
    }
    expect(announcedFlows(messages.get('errors/inj_list_recv_ENOBUFS_5th.stderr')!)).to.equal(undefined);
  });

  it("reads conntrack's count of expectations in every version", () => {
    for (const version of ['1.4.4', '1.4.6', '1.4.7', '1.4.9']) {
      expect(announcedExpectations(messages.get(`versions/${version}/L_expect.stderr`)!), version).to.equal(2);
    }
    expect(announcedExpectations(messages.get('conntrack-L/extended_id.stderr')!)).to.equal(undefined);
  });

  for (const refusal of [
    'sudo: a password is required\n',
    'sudo: a terminal is required to read the password; either use the -S option\n',
    "Sorry, user nobody is not allowed to execute '/usr/sbin/conntrack -L' as root on r1.\n",
    'nobody is not in the sudoers file.\n',
    'sudo-rs: interactive authentication is required\n',
    'Sorry, user nobody may not run sudo on r1.\n',
  ]) {
    it(`knows that sudo refused: ${refusal.trim()}`, () => expect(refusedBySudo(refusal)).to.equal(true));
  }

  it('does not take a warning of sudo for a refusal', () => {
    for (const warning of [
      'sudo: unable to resolve host fw1: Name or service not known',
      'sudo: setrlimit(RLIMIT_CORE): Operation not permitted',
      'sudo: unable to send audit message: Operation not permitted',
    ]) {
      expect(refusedBySudo(`${warning}\nconntrack v1.4.7 (conntrack-tools): Operation failed: x\n`)).to.equal(false);
    }
  });

  it('does not take the words of the tool that sudo ran for its own', () => {
    expect(refusedBySudo(messages.get('errors/nonroot_list.stderr')!)).to.equal(false);
  });
});
