import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Outcome } from '../lab/run.js';
import { run } from '../lab/run.js';
import { tarOf, zipped } from '../support/bundles.js';
import { type BundleFiles, capturedBundle, withManifest, withText, written } from '../support/captured-bundles.js';
import { commandLine, ctsync, NEUTRAL } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { skipFor } from '../support/skip.js';
import { onTerminal, terminalUnavailable } from '../support/terminal.js';

const SHOW = ['show', 'bundle'];
const COMPARE = ['compare', 'bundle'];

async function archiveOf(files: BundleFiles): Promise<Buffer> {
  const members = [...files].map(([path, content]) => ({ name: `ctsync-r1-20261126T064102Z/${path}`, content }));
  return zipped(await tarOf(members.sort((one) => (one.name.endsWith('manifest.json') ? -1 : 1))));
}

describe('contract: support bundles', () => {
  let folder: string;
  let a: string;
  let b: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-bundles-'));
    [a, b] = [join(folder, 'a.tar.gz'), join(folder, 'b.tar.gz')];
    writeFileSync(a, await archiveOf(capturedBundle('a')));
    writeFileSync(b, await archiveOf(capturedBundle('b')));
  });
  after(() => rmSync(folder, { recursive: true }));

  function told({ stderr, code }: Outcome): { stderr: string; code: number | null } {
    return { stderr, code };
  }

  describe('show bundle', () => {
    it('has figures, counters and talkers of each node', async () => {
      const { stdout, stderr, code } = await ctsync([...SHOW, b]);
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
      expect(stdout)
        .to.match(/^flows {10}: 80 of 262,144 \[<0\.1 %\]$/m)
        .and.to.match(/^caches {9}: internal 73, external 3$/m)
        .and.to.match(/^counters {7}: read twice, 10\.\d s apart$/m)
        .and.to.match(/^troubles {7}: none: nothing was lost, refused or full$/m)
        .and.to.match(/^1 {2}10\.35\.100\.87 +843 k +73 /m);
    });

    it('has them in its document, too, and older ones stay valid', async () => {
      const { stdout, code } = await ctsync([...SHOW, b, '--json']);
      expect(code).to.equal(0);
      const { counters, talkers, ...older } = documentOf(stdout);
      expect(counters).to.have.length(2);
      expect(talkers).to.have.length(2);
      documentOf(JSON.stringify(older));
    });

    it('shows what rose', async () => {
      const risen = withText(capturedBundle('a'), 'node1/counters-2/s.txt', (text) =>
        text.replace(/ {3}0 Lost msgs/, '  24 Lost msgs'),
      );
      const { stdout, code } = await ctsync([...SHOW, written(risen, join(folder, 'risen'))]);
      expect(code).to.equal(0);
      expect(stdout).to.match(/^TROUBLE +TOTAL +ROSE BY\nmain: messages lost +24 +\+24, 2\.\d+\/s$/m);
    });

    it('ends with 4 where a page of it can not be read', async () => {
      const torn = withText(capturedBundle('a'), 'node1/counters-2/s.txt', (text) => text.slice(0, 300));
      const path = written(torn, join(folder, 'torn'));
      const { stdout, code } = await ctsync([...SHOW, path, '--json']);
      expect(code).to.equal(4);
      expect(documentOf(stdout).complete).to.equal(false);
    });
  });

  describe('--max-unpacked', () => {
    it('is named where a bundle is refused for its size, and opens it', async () => {
      const large = new Map(capturedBundle('a')).set('node1/zeros', Buffer.alloc(70 * 1024 * 1024));
      const path = join(folder, 'large.tar.gz');
      writeFileSync(path, await archiveOf(large));
      for (const command of [
        [...SHOW, path],
        [...COMPARE, a, path],
      ]) {
        const refused = await ctsync(command);
        expect(refused.code).to.equal(1);
        expect(refused.stderr)
          .to.match(/^Error: The bundle .*large\.tar\.gz is refused: it unpacks to more than 200 times its size/)
          .and.to.match(/^ +next: +Open it only if you trust .*--max-unpacked 8G/m);
        // What is in it and not listed is a problem still.
        expect((await ctsync([...command, '--max-unpacked', '80M'])).code).to.equal(4);
      }
      const { stderr } = await ctsync([...SHOW, path, '--max-unpacked', '60m']);
      expect(stderr).to.include('it unpacks to more than 62914560 bytes');
    });

    for (const size of ['', '0', '-1', '1.5G', '4GB', 'all', '99999999999999T']) {
      it(`refuses ${JSON.stringify(size)}`, async () => {
        const { stderr, code } = await ctsync([...SHOW, a, `--max-unpacked=${size}`]);
        expect(code).to.equal(2);
        expect(stderr).to.match(/^Error: --max-unpacked takes a size above 0, such as 8G/);
      });
    }
  });

  describe('a bundle on stdin', () => {
    const asked = (shell: string, ...words: string[]): Promise<Outcome> =>
      run(['sh', '-c', `${shell}`, 'sh', ...commandLine([...words, '--from', '-'])], { env: NEUTRAL });

    it('is asked as one in a file, also where it comes in small pieces', async () => {
      const words = ['show', 'conntrack-sync', 'statistics', '--node', 'node2'];
      const fromFile = await ctsync([...words, '--from', b]);
      expect(fromFile.code).to.equal(0);
      expect(await asked(`"$@" < ${b}`, ...words)).to.deep.equal(fromFile);
      expect(await asked(`dd if=${b} bs=1000 status=none | "$@"`, ...words)).to.deep.equal(fromFile);
    });

    it('is refused where it is damaged, too large, or has no such node', async () => {
      for (const [shell, more, code, message] of [
        [`head -c 3000 ${b} | "$@"`, [], 1, /^Error: The bundle stdin is refused: it is cut off/],
        [
          `cat ${b} | "$@"`,
          ['--max-unpacked', '1k'],
          1,
          /^Error: The bundle stdin is refused: it has more than 1024 bytes/,
        ],
        [`cat ${b} | "$@"`, ['--node', 'x'], 2, /^Error: stdin holds no node x\. \[USAGE\]/],
        [`"$@" < ${folder}`, [], 1, /^Error: The capture stdin is a folder/],
      ] as const) {
        const { stdout, stderr, code: ended } = await asked(shell, 'show', 'conntrack', 'table', 'ipv4', ...more);
        expect({ stdout, ended }).to.deep.equal({ stdout: '', ended: code });
        expect(stderr).to.match(message);
      }
    });
  });

  describe('a bundle that was cut at a limit', () => {
    it('says so of a configuration, and tells nothing by its first part', async () => {
      const bundle = withManifest(capturedBundle('a'), ({ nodes }) => {
        for (const item of nodes[0]!.items.filter(({ name }) => name.startsWith('config/'))) {
          Object.assign(item, { truncated: true, complete: false });
        }
      });
      const from = written(bundle, join(folder, 'cut'));
      const { stdout, code } = await ctsync(['show', 'conntrack-sync', 'status', '--from', from, '--verbose']);
      expect(code).to.equal(4);
      expect(stdout)
        .to.include('was cut at a limit of the bundle')
        .and.to.match(/^verdict +: OK /m);
    });
  });

  describe('compare bundle', () => {
    it('ends with 0 where nothing differs, with 5 where something does', async () => {
      const same = await ctsync([...COMPARE, a, a]);
      expect(told(same)).to.deep.equal({ stderr: '', code: 0 });
      expect(same.stdout).to.match(/^differs {2}: nothing$/m);
      const { stdout, stderr, code } = await ctsync([...COMPARE, a, b]);
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 5 });
      expect(stdout)
        .to.match(/^node {5}: node1 \[vm\], B is 12 s younger than A$/m)
        .and.to.match(/^ {2}- conntrackd\.conf: sync\.purge_timeout 60$/m)
        .and.to.match(/^ {2}net\.netfilter\.nf_conntrack_udp_timeout: 120 -> 77$/m)
        .and.to.match(/^ {2}49 in A, 80 in B: 49 in both, 0 only in A, 31 only in B$/m);
    });

    it('ends with 4 where something was altered, whatever else differs', async () => {
      const altered = new Map(capturedBundle('b')).set('node1/kernel/sysctl.txt', Buffer.from('x\n'));
      const { stdout, code } = await ctsync([...COMPARE, a, written(altered, join(folder, 'altered'))]);
      expect(code).to.equal(4);
      expect(stdout)
        .to.match(/^problem {2}: in B, node1\/kernel\/sysctl\.txt has 2 bytes, but \d+ were collected\.$/m)
        .and.to.match(/^lacking {2}: kernel\/sysctl\.txt is not whole in B, or was altered/m);
    });

    it('gives a valid document in every case', async () => {
      for (const [first, second, code] of [
        [a, a, 0],
        [a, b, 5],
        [b, a, 4],
      ] as const) {
        const answer = await ctsync([...COMPARE, first, second, '--json']);
        const document = documentOf(answer.stdout);
        expect(told(answer)).to.deep.equal({ stderr: '', code });
        expect(document.schema).to.equal('ctsync/bundle-comparison/1');
        expect(document.complete).to.equal(code !== 4);
        expect(document['differs']).to.equal(code !== 0);
        expect(document).to.not.have.any.keys('host', 'collected_at');
      }
    });

    it('reads one of both from stdin', async () => {
      const shell = `"$0" "$@" < '${a}'`;
      const { stdout, code } = await run(['sh', '-c', shell, ...commandLine([...COMPARE, '-', b])], { env: NEUTRAL });
      expect(code).to.equal(5);
      expect(stdout).to.match(/^A {8}: stdin, made /);
    });

    it('refuses what it can not compare in one sentence', async () => {
      mkdirSync(join(folder, 'empty'));
      for (const [args, code, message] of [
        [[a], 2, /^Error: Missing 1 required arg/],
        [[a, b, '--node', 'x'], 2, /has no node x\. \[USAGE\]\n +next: +It has node1 and node2\./],
        [[a, b, '--node', 'a=b=c'], 2, /^Error: --node takes the name of a node, or two as fw1=fw2/],
        [[a, b, '--from', a], 2, /^Error: --from says where to read from, and so does the bundle/],
        [[a, b, '--host', 'nosuch'], 2, /^Error: --host says where to read from/],
        [['-', '-'], 2, /^Error: Only one of the bundles can come from stdin/],
        [[a, join(folder, 'nosuch')], 1, /^Error: The capture .*nosuch does not exist\. \[CAPTURE_UNREADABLE\]/],
        [[a, join(folder, 'empty')], 1, /is refused: there is no manifest\.json in it\. \[BAD_CAPTURE\]/],
      ] as const) {
        const answer = await ctsync([...COMPARE, ...args]);
        expect(answer.stderr).to.match(message);
        expect(answer.code, args.join(' ')).to.equal(code);
        expect(answer.stdout).to.equal('');
      }
    });

    it('ends quietly where nobody reads, and with an error where the disk is full', async () => {
      const words = commandLine([...COMPARE, a, b]);
      const closed = await run(['bash', '-c', '"$0" "$@" | true; echo "${PIPESTATUS[0]}"', ...words], { env: NEUTRAL });
      expect(closed.stderr).to.equal('');
      expect(closed.stdout).to.match(/^[05]\n$/);
      const full = await run(['sh', '-c', '"$0" "$@" > /dev/full', ...words], { env: NEUTRAL });
      expect(full.code).to.equal(1);
      expect(full.stderr).to.include('[OUTPUT_FAILED]');
    });

    it('shows what a bundle says with its control characters escaped', async () => {
      const hostile = withText(
        capturedBundle('a'),
        'node1/config/keepalived.conf',
        (text) => `${text}\nx "\u001b[31m\u0007"\n`,
      );
      const { stdout } = await ctsync([...COMPARE, a, written(hostile, join(folder, 'hostile'))]);
      expect(stdout).to.include('\\x1b[31m').and.to.not.include('\u001b');
    });

    it('fits a terminal of 80 columns', async function () {
      skipFor(this, terminalUnavailable());
      const { text, code } = await onTerminal([...COMPARE, a, b, '--no-color']);
      expect(code).to.equal(5);
      for (const line of text.split('\n')) expect(line.length, line).to.be.at.most(80);
      expect(text).to.match(/^ {2}\+ CTS-106: warning: /m);
    });
  });
});
