import { setTimeout as sleep } from 'node:timers/promises';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { type Bundle } from '../../src/bundle/archive/bundle.js';
import { openBundle } from '../../src/bundle/archive/open.js';
import type { SyncStatusDocument } from '../../src/model/documents.js';
import { commandLine } from '../support/ctsync.js';
import { CLIENT, LAN, SERVER, WAN } from './plan.js';
import { must, type Outcome, run } from './run.js';
import { sshdFor } from './sshd.js';
import { pairFor } from './views-support.js';

const GENERATE = ['generate', 'support-bundle'];

describe('a support bundle of a pair', function () {
  this.timeout(180_000);
  const pair = pairFor({ startupResync: true });
  const daemons = sshdFor(pair);

  const file = (name: string): string => pair().r1.file(name);
  /** From the client, by ssh: both routers have one mount namespace, and one host name. */
  function generate(name: string, ...words: string[]): Promise<Outcome> {
    const env = { ...pair().r1.environment, ...daemons().environment };
    return pair().ctsync('client', [...GENERATE, '--host', 'r1', '--output', file(name), ...words], {
      env,
      seconds: 170,
    });
  }

  async function opened<T>(name: string, look: (bundle: Bundle) => Promise<T>): Promise<T> {
    const bundle = await openBundle(file(name));
    try {
      expect(bundle.problems).to.deep.equal([]);
      return await look(bundle);
    } finally {
      await bundle.close();
    }
  }

  // What a node did last is judged once it has had time to do it.
  before(() => sleep(10_000));

  it('has what both nodes say, and counters twice', async () => {
    const { stdout, stderr, code } = await generate('both.tar.gz', '--peer', 'r2');
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    expect(stdout).to.match(/^support bundle : .*both\.tar\.gz\nnodes +: /);
    expect((await stat(file('both.tar.gz'))).mode & 0o777).to.equal(0o600);
    await opened('both.tar.gz', async (bundle) => {
      const { nodes } = bundle.manifest;
      expect(nodes).to.have.length(2);
      expect(nodes[1]!.clock_offset_ms).to.be.within(-5000, 5000);
      for (const node of nodes) {
        const conf = bundle.findFile(node, pair().r1.file('conntrackd.conf'))!;
        expect(await bundle.text(conf)).to.equal(await readFile(pair().r1.file('conntrackd.conf'), 'latin1'));
        const table = node.items.find(({ name }) => name === 'kernel/table-ipv4.txt')!;
        expect(table).to.include({ complete: true, exit_code: 0 });
        expect(table.rows).to.equal((await bundle.text(table)).split('\n').length - 1);
        const pages = [1, 2].map((sample) =>
          node.items.find(({ name }) => name === `counters-${sample}/s-runtime.txt`),
        );
        for (const page of pages) expect(await bundle.text(page!)).to.match(/^daemon uptime: /);
        const [first, second] = pages.map((page) => Date.parse(page!.started_at));
        expect(second! - first!).to.be.at.least(10_000);
      }
    });
  });

  it('is shown again with the verdict of that time', async () => {
    const { stdout, code } = await run([process.execPath, 'bin/run.js', 'show', 'bundle', file('both.tar.gz')]);
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/^made +: .* by ctsync /)
      .and.to.match(/^verdict +: OK$/m);
  });

  it('holds none of the addresses that are to be hidden, nor the key', async () => {
    const key = file('case.key');
    const { stdout, stderr, code } = await generate('clean.tar.gz', '--peer', 'r2', '--clean', '--key-file', key);
    expect({ stderr, code }, stdout).to.deep.equal({ stderr: '', code: 0 });
    expect(stdout).to.match(/^replaced +: \d+ ipv4/m);
    expect((await stat(key)).mode & 0o777).to.equal(0o600);
    const seeds = [
      ...[CLIENT.ipv4, SERVER.ipv4, LAN.ipv4.virtual, WAN.ipv4.virtual, LAN.ipv6.virtual, SERVER.ipv6],
      ...[LAN.ipv4.router('r1'), LAN.ipv4.router('r2'), (await readFile(key, 'utf8')).trim()],
    ];
    await opened('clean.tar.gz', async (bundle) => {
      const texts = [JSON.stringify(bundle.manifest)];
      for (const node of bundle.manifest.nodes) {
        for (const item of node.items) if (item.sha256 !== undefined) texts.push(await bundle.text(item));
      }
      for (const seed of seeds) {
        const found = texts.find((text) =>
          new RegExp(`(?<![\\w.:])${seed.replaceAll('.', '\\.')}(?![\\w.:])`).test(text),
        );
        expect(found?.slice(0, 2000), seed).to.equal(undefined);
      }
    });
  });

  const asked = (bundle: string, words: string): Promise<Outcome> =>
    run([process.execPath, 'bin/run.js', ...words.split(' '), '--from', file(bundle)]);

  it('answers for the one node and for the other', async () => {
    const nodes = await opened('both.tar.gz', (bundle) => Promise.resolve(bundle.manifest.nodes));
    const roles = await Promise.all(
      nodes.map(async ({ name }) => {
        const { stdout, code } = await asked('both.tar.gz', `show conntrack-sync status --json --node ${name}`);
        const { source, status, health } = JSON.parse(stdout) as SyncStatusDocument;
        // Both routers have one file system here, and so one recorded transition.
        const codes = health.findings.map((finding) => finding.code).filter((each) => each !== 'CTS-701');
        expect({ code, source, codes }).to.deep.equal({ code: 0, source: 'bundle', codes: [] });
        return status.roles?.map(({ role }) => role);
      }),
    );
    expect(roles).to.deep.equal([['master'], ['backup']]);
  });

  it('answers with hidden addresses as it does with those that are', async () => {
    const [open, hidden] = await Promise.all(
      ['both.tar.gz', 'clean.tar.gz'].map((name) => asked(name, 'show conntrack-sync status')),
    );
    expect(hidden!.code).to.equal(0);
    const words = ({ stdout }: Outcome): string => stdout.replace(/\bfd[\da-f:]+|\d+/g, '#');
    expect(words(hidden!)).to.equal(words(open!));
    const { stdout, code } = await asked('clean.tar.gz', 'show conntrack table ipv4 --port 22 --count');
    expect(stdout).to.match(/^\d+\n$/);
    expect(code).to.equal(0);
  });

  it('says what it does not hold, and what does not go with it', async () => {
    const wrong = {
      'show conntrack table ipv4 --columns src,labels': [1, /NOT_IN_BUNDLE/],
      'show conntrack top --interval 5': [2, /a capture is one/],
      'show conntrack table ipv4 --node nosuch': [2, /holds no node nosuch/],
    } as const;
    for (const [words, [code, sentence]] of Object.entries(wrong)) {
      const outcome = await asked('both.tar.gz', words);
      expect(outcome.stderr, words).to.match(sentence);
      expect(outcome.code, words).to.equal(code);
    }
  });

  it('is believed by no check, and is no whole answer, once it was altered', async () => {
    await mkdir(file('folder'));
    await must(['tar', '-xzf', file('both.tar.gz'), '-C', file('folder'), '--strip-components=1']);
    const [node] = await opened('both.tar.gz', (bundle) => Promise.resolve(bundle.manifest.nodes));
    const page = file(`folder/${node!.name}/counters-1/s-runtime.txt`);
    await writeFile(page, (await readFile(page, 'utf8')).replace(/\d/, '9'));
    const shown = await asked('folder', 'show conntrack count');
    expect(shown).to.include({ code: 4 });
    expect(shown.stderr).to.match(/counters-1\/s-runtime\.txt is not what was collected/);
    expect(await asked('folder', 'check conntrack')).to.include({ code: 3 });
    const statistics = await asked('folder', 'show conntrack-sync statistics runtime');
    expect(statistics).to.include({ code: 1, stdout: '' });
  });

  it('is made of the one node where the other can not be reached', async () => {
    const { stdout, code } = await generate('alone.tar.gz', '--peer', 'closed');
    expect(code).to.equal(4);
    expect(stdout).to.match(/^not whole +: node2\/the-whole \[closed can not be reached with ssh/m);
    await opened('alone.tar.gz', (bundle) => {
      const [first, second] = bundle.manifest.nodes;
      expect(first!.items.find(({ name }) => name === 'kernel/table-ipv4.txt')).to.include({ complete: true });
      expect(second).to.include({ name: 'node2', host: 'closed' });
      return Promise.resolve();
    });
    expect(await asked('alone.tar.gz', 'show conntrack count')).to.include({ code: 0, stderr: '' });
  });

  it('is made of a node whose conntrackd hangs, which costs its deadline once', async () => {
    const pid = pair().r1.conntrackd.pid!;
    process.kill(pid, 'SIGSTOP');
    try {
      const { stdout, code } = await generate('hung.tar.gz', '--timeout', '2');
      expect(code).to.equal(4);
      expect(stdout).to.match(/^not whole +: .*counters-1\/s\.txt \[.*said nothing for 2 s/m);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await opened('hung.tar.gz', async (bundle) => {
      const [node] = bundle.manifest.nodes;
      expect(node!.items.filter(({ error }) => error?.message.startsWith('Not asked for'))).to.have.length.above(10);
      expect(node!.items.find(({ name }) => name === 'kernel/table-ipv4.txt')).to.include({ complete: true });
      expect(await bundle.text(node!.items.find(({ name }) => name === 'findings.json')!)).to.include('CTS-102');
    });
  });

  it('replaces no file that is there, and leaves nothing where it can not be written', async () => {
    await writeFile(file('there.tar.gz'), 'mine');
    const { stderr, code } = await generate('there.tar.gz');
    expect(code).to.equal(1);
    expect(stderr).to.include('is there already').and.to.include('[OUTPUT_FAILED]');
    const nowhere = await generate('nosuch/x.tar.gz');
    expect(nowhere.code).to.equal(1);
    expect(await readFile(file('there.tar.gz'), 'utf8')).to.equal('mine');
  });

  it('holds no password of keepalived.conf, also where nothing is cleaned', async () => {
    const conf = file('with-password.conf');
    const password = 'hunter2x';
    await writeFile(conf, `vrrp_instance A {\n authentication {\n  auth_type PASS\n  auth_pass ${password}\n }\n}\n`);
    const { stdout, code } = await generate('password.tar.gz', '--keepalived-config', conf);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^replaced +: [1-9]\d* secrets/m);
    await opened('password.tar.gz', async (bundle) => {
      const kept = bundle.findFile(bundle.manifest.nodes[0]!, conf)!;
      expect(await bundle.text(kept))
        .to.include('auth_pass')
        .and.to.not.include(password);
    });
  });

  it('is interrupted, and leaves nothing', async () => {
    const words = commandLine([...GENERATE, '--output', file('interrupted.tar.gz')]);
    const { stderr, code } = await pair().exec('r1', ['timeout', '-s', 'INT', '--preserve-status', '4', ...words]);
    expect(code).to.equal(130);
    expect(stderr).to.include('[INTERRUPTED]');
    const { stdout } = await run(['ls', '-A', pair().r1.folder]);
    expect(stdout).to.not.match(/interrupted|\.part/);
  });

  it('is only told of with --dry-run', async () => {
    const { stdout, code } = await generate('none.tar.gz', '--dry-run');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^counters-1\/conntrack-S\.txt +conntrack -S$/m);
    expect((await run(['test', '-e', file('none.tar.gz')])).code).to.equal(1);
  });
});
