import { expect } from 'chai';
import { refusedForRights, succeeded, sudoRefused, toolFailure } from '../../src/readers/tool-failure.js';
import { HERE } from '../../src/sources/here.js';
import type { ToolCommand, ToolOutcome } from '../../src/sources/tool.js';

const TABLE: ToolCommand = { tool: 'conntrack', args: ['-L', '-f', 'ipv4'], silenceMs: 1 };
const PREFIX = 'conntrack v1.4.7 (conntrack-tools): ';
const NO_RIGHTS = `${PREFIX}Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this\n`;

function failed(outcome: Partial<ToolOutcome>, command = TABLE) {
  const { code, message, toolSays, next } = toolFailure(command, { stderr: '', ...outcome }, { place: HERE });
  return { code, message, toolSays, next };
}

describe('readers/tool-failure', () => {
  it('a tool that is not there is missing, and the package that brings it is named', () => {
    for (const [tool, name] of [
      ['conntrack', 'conntrack'],
      ['nft', 'nftables'],
      ['ip', 'iproute2'],
      ['nosuchtool', 'nosuchtool'],
    ] as const) {
      expect(failed({ spawnError: 'ENOENT' }, { ...TABLE, tool })).to.deep.equal({
        code: 'TOOL_MISSING',
        message: `${tool} is not installed, or not on the search path.`,
        toolSays: undefined,
        next: `Install it with the package ${name} (Debian and Ubuntu: apt install ${name}).`,
      });
    }
  });

  it('a tool that is there but could not be started is told apart from that', () => {
    const { code, message } = failed({ spawnError: 'EAGAIN' }, { ...TABLE, tool: 'sh' });
    expect(code).to.equal('TOOL_FAILED');
    expect(message).to.match(/\/sh could not be started \(EAGAIN\)\.$/);
  });

  it('a tool that a signal ended has crashed, and says so with its last words', () => {
    const stderr = `mnl_socket_open: Protocol not supported\n${PREFIX}Can't open handler\n`;
    expect(failed({ signal: 'SIGSEGV', stderr })).to.deep.include({
      code: 'TOOL_CRASHED',
      message: 'conntrack -L -f ipv4 was ended by signal SIGSEGV.',
      toolSays: "Can't open handler",
    });
    expect(failed({ signal: 'SIGSEGV' }).next).to.include('1.4.7');
    expect(failed({ signal: 'SIGKILL' })).to.deep.include({ toolSays: undefined });
    expect(failed({ signal: 'SIGKILL' }).next).to.include('out-of-memory');
  });

  it('a tool without the rights says who lacks which', () => {
    const { code, message, toolSays } = failed({ exitCode: 1, stderr: NO_RIGHTS });
    expect(code).to.equal('PERMISSION_DENIED');
    expect(message).to.match(
      /^conntrack -L -f ipv4 needs (?:CAP_NET_ADMIN, and root lacks it here|root or CAP_NET_ADMIN, and \S+ has neither)\.$/,
    );
    expect(toolSays).to.equal(NO_RIGHTS.slice(PREFIX.length, -1));
  });

  it('any other failure has its exit code and the last words of the tool', () => {
    expect(failed({ exitCode: 1, stderr: `${PREFIX}Operation failed: invalid parameters\n` })).to.deep.equal({
      code: 'TOOL_FAILED',
      message: 'conntrack -L -f ipv4 failed with exit code 1.',
      toolSays: 'Operation failed: invalid parameters',
      next: 'Run that command by hand to see all that it says.',
    });
    expect(failed({ exitCode: 3 })).to.deep.include({ code: 'TOOL_FAILED', toolSays: undefined });
  });

  it('tells when more rights might help, and when sudo did not help', () => {
    expect(succeeded({ exitCode: 0, stderr: NO_RIGHTS })).to.equal(true);
    expect(refusedForRights({ exitCode: 0, stderr: NO_RIGHTS })).to.equal(false);
    expect(refusedForRights({ exitCode: 1, stderr: NO_RIGHTS })).to.equal(true);
    expect(refusedForRights({ exitCode: 1, stderr: 'invalid parameters\n' })).to.equal(false);
    for (const stderr of [
      'sudo: a password is required\n',
      "Sorry, user operator is not allowed to execute '/usr/sbin/conntrack -L' as root on r1.\n",
      'operator is not in the sudoers file.\n',
    ]) {
      expect(sudoRefused({ exitCode: 1, stderr }), stderr).to.equal(true);
      expect(sudoRefused({ exitCode: 0, stderr }), stderr).to.equal(false);
    }
    expect(sudoRefused({ spawnError: 'ENOENT', stderr: '' })).to.equal(true);
    expect(sudoRefused({ exitCode: 1, stderr: NO_RIGHTS })).to.equal(false);
  });
});
