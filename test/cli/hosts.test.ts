import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type Outcome, run } from '../lab/run.js';
import { ctsync } from '../support/ctsync.js';
import { sentences } from '../support/failures.js';

const MODULE = fileURLToPath(new URL('../../src/cli/hosts.ts', import.meta.url));

/** Shows what a script of the shell says in the place of each host. */
function shown(scripts: Record<string, string>, words: readonly string[]): Promise<Outcome> {
  const [hosts, said, argv] = [Object.keys(scripts), scripts, words].map((each) => JSON.stringify(each));
  const code = `import { showHosts } from ${JSON.stringify(MODULE)};
    const said = ${said};
    process.exitCode = await showHosts(${hosts}, (host) => ['sh', '-c', said[host]], ${argv});`;
  return run([process.execPath, '--import', 'tsx', '--input-type=module', '--eval', code], { seconds: 20 });
}

describe('cli/hosts', function () {
  this.timeout(30_000);

  it('is one document also where what was asked for one host was killed in its midst', async () => {
    const { stdout, code } = await shown({ r1: `printf '{"flows":[1,'; kill -9 $$`, r2: `echo '{"flows":[]}'` }, [
      '--json',
    ]);
    expect({ code, ...(JSON.parse(stdout) as object) }).to.deep.equal({
      code: 4,
      schema: 'ctsync/hosts/1',
      results: [
        { host: 'r1', exit_code: 1 },
        { host: 'r2', exit_code: 0, document: { flows: [] } },
      ],
      complete: false,
    });
  });

  it('says no where one host does and all have answered', async () => {
    expect((await shown({ r1: 'echo yes', r2: 'echo no; exit 5' }, [])).code).to.equal(5);
    expect((await shown({ r1: 'exit 1', r2: 'echo no; exit 5' }, [])).code).to.equal(4);
  });

  const REFUSED: readonly [line: string, message: string, next: string][] = [
    ...['show conntrack table --format csv', 'export prometheus', 'export openmetrics'].map(
      (line): [string, string, string] => [
        line,
        'Rows for a program are of one host.',
        'Run it for each host, or take --json.',
      ],
    ),
    ...[
      'export prometheus --textfile=/nonexistent/a.prom',
      'export prometheus --textfile /nonexistent/a.prom',
      'generate support-bundle --json --output=/nonexistent/a.tar.gz',
    ].map((line): [string, string, string] => [
      line,
      'A file is of one host.',
      'Run it for each host, with a file for each.',
    ]),
  ];
  for (const [line, message, next] of REFUSED) {
    it(`refuses "${line}" for several hosts`, async () => {
      const { stdout, stderr, code } = await ctsync([...line.split(' '), '--host=r1.invalid', '--host=r2.invalid']);
      expect(code).to.equal(2);
      if (line.includes('--json')) expect(stdout).to.include(message);
      else
        expect({ stdout, stderr }).to.deep.equal({ stdout: '', stderr: sentences({ code: 'USAGE', message, next }) });
    });
  }
});
