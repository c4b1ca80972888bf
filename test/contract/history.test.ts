import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Transition } from '../../src/model/transition.js';
import { run } from '../lab/run.js';
import { commandLine, ctsync, fixture, NEUTRAL } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { failureBy } from '../support/failures.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { skipFor } from '../support/skip.js';

const COMMAND = ['show', 'conntrack-sync', 'history'];
const RECORD = fixture('ctsync-failover-1/r1.ndjson');
const lines = readFileSync(RECORD, 'utf8').trimEnd().split('\n');

describe('contract: show conntrack-sync history', () => {
  let folder: string;
  let record: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-history-'));
    record = join(folder, 'transitions.ndjson');
    cpSync(RECORD, record);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const live = (...flags: string[]) => ctsync([...COMMAND, ...flags], { env: { CTSYNC_STATE_DIR: folder } });
  const states = (stdout: string) =>
    (documentOf(stdout)['transitions'] as Transition[]).map(({ at, to }) => `${at} ${to}`);

  it('shows every transition, the same as a table, as JSON and as NDJSON', async () => {
    const table = await live();
    expect(table).to.include({ stderr: '', code: 0 });
    expect(table.stdout.match(/^2026-/gm)).to.have.length(lines.length);
    const json = await live('--json');
    const document = documentOf(json.stdout);
    expect(Object.keys(document)).to.deep.equal([
      ...['schema', 'host', 'collected_at', 'source', 'history', 'transitions', 'summary', 'complete'],
    ]);
    expect(document).to.deep.include({ history: { kind: 'record', path: record }, complete: true });
    const ndjson = await live('--format', 'ndjson');
    const each = ndjson.stdout.trimEnd().split('\n');
    for (const line of each) documentOf(line);
    expect(each.map((line) => JSON.parse(line) as unknown)).to.deep.equal(
      lines.map((line) => JSON.parse(line) as unknown),
    );
    expect((await live('--format', 'json')).stdout.replace(/"(?:collected_at|elapsed_ms)".*/g, '')).to.equal(
      json.stdout.replace(/"(?:collected_at|elapsed_ms)".*/g, ''),
    );
  });

  it('every line that the hook writes is a valid document', () => {
    for (const line of lines) documentOf(line);
  });

  it('joins the older file, and shows no transition twice', async () => {
    writeFileSync(`${record}.1`, `${lines.slice(0, 7).join('\n')}\n`);
    writeFileSync(record, `${lines.slice(6).join('\n')}\n`);
    expect(states((await live('--json')).stdout)).to.have.length(lines.length);
  });

  it('--since leaves out what was before', async () => {
    const { at } = JSON.parse(lines[8]!) as { at: string };
    const { stdout } = await live('--json', '--since', at);
    expect(states(stdout)).to.have.length(lines.length - 8);
    expect(await failureBy(live('--since', 'yesteryear', '--json'))).to.deep.equal({ code: 'USAGE', exit: 2 });
  });

  it('is not whole where a line is none, and says so', async () => {
    appendFileSync(record, lines[0]!.slice(0, 100));
    const { stdout, stderr, code } = await live();
    expect(code).to.equal(4);
    expect(stdout).to.include('1 unreadable').and.include('INCOMPLETE');
    expect(stderr).to.match(/One line of .* can't be read as transitions\./);
    const document = documentOf((await live('--json')).stdout);
    expect(document).to.deep.include({ complete: false });
    const { stdout: ndjson } = await live('--format', 'ndjson');
    expect(documentOf(ndjson.trimEnd().split('\n').at(-1)!)).to.deep.include({ complete: false });
  });

  it('reads a copy, also from stdin, and knows neither host nor time of it', async () => {
    for (const [from, input] of [
      [RECORD, ''],
      ['-', readFileSync(RECORD, 'utf8')],
    ] as const) {
      const { stdout, code } = await ctsync([...COMMAND, '--json', '--from', from], { input });
      expect(code).to.equal(0);
      expect(documentOf(stdout)).to.have.property('source', 'capture').and.to.not.have.any.keys('host', 'collected_at');
    }
  });

  it("reads the syslog lines of VyOS's hook", async () => {
    const log = join(folder, 'syslog');
    writeFileSync(
      log,
      [
        '2026-11-22T13:28:00.123456+01:00 vyos conntrack-tools[99]: vyos transitioning to MASTER state for VRRP sync-group [SYNC]',
        '2026-11-22T13:28:01.000000+01:00 vyos sshd[1]: something else',
        '2026-11-22T13:28:02.000000+01:00 vyos conntrack-tools[99]: ERROR: failed to invoke conntrackd -c',
        'Nov 22 13:40:00 vyos conntrack-tools: vyos transitioning to FAULT state for VRRP sync-group [SYNC]',
        '',
      ].join('\n'),
    );
    const { stdout, code } = await ctsync([...COMMAND, '--json', '--from', log]);
    expect(code).to.equal(0);
    expect(documentOf(stdout)['transitions']).to.deep.equal([
      { at: '2026-11-22T12:28:00.123456Z', host: 'vyos', group: 'SYNC', to: 'MASTER', result: 'failed' },
      { at_text: 'Nov 22 13:40:00', host: 'vyos', group: 'SYNC', to: 'FAULT' },
    ]);
  });

  it('refuses another capture, and one that is not there', async () => {
    const other = ctsync([...COMMAND, '--json', '--from', fixture('documentation/table.txt')]);
    expect(await failureBy(other)).to.deep.equal({ code: 'BAD_CAPTURE', exit: 1 });
    const none = ctsync([...COMMAND, '--json', '--from', join(folder, 'none')]);
    expect(await failureBy(none)).to.deep.equal({ code: 'CAPTURE_UNREADABLE', exit: 1 });
  });

  it('says where it was looked for, and what to do, where nothing was ever recorded', async () => {
    rmSync(record);
    const { stderr, code } = await live();
    // Whether this machine has a syslog, and is let to read it, is its own matter.
    if (code === 1)
      expect(stderr)
        .to.include(`${record} does not exist`)
        .and.match(/next: /);
    else expect({ code, stderr }).to.deep.include({ code: 0 });
  });

  it('ends quietly where nobody reads, and in a sentence where nothing can be written', async () => {
    const shell = (script: string) =>
      run(['bash', '-c', script, 'bash', ...commandLine(COMMAND)], { env: { ...NEUTRAL, CTSYNC_STATE_DIR: folder } });
    expect(await shell('"$@" | true; exit ${PIPESTATUS[0]}')).to.include({ stderr: '', code: 0 });
    const full = await shell('"$@" > /dev/full');
    expect(full.code).to.equal(1);
    expect(full.stderr).to.include('[OUTPUT_FAILED]');
  });
});

describe('contract: the history of an ordinary user', () => {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(`mkdir -m 700 /mnt/state; cp ${RECORD} /mnt/state/transitions.ndjson`);
  });
  after(() => sandbox?.stop());

  it('is closed to others where its folder is', async () => {
    const env = { CTSYNC_STATE_DIR: '/mnt/state' };
    const { stdout, code } = await sandbox.ctsync([...COMMAND, '--json'], { as: 'operator', env });
    expect(code).to.equal(1);
    expect(documentOf(stdout).error?.code).to.equal('PERMISSION_DENIED');
    expect(await sandbox.ctsync(COMMAND, { env })).to.include({ code: 0 });
  });
});
