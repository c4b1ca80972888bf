import { expect } from 'chai';
import { fileOfExecStart } from '../../src/actions/daemon/daemon-file.js';

/** As `systemctl show` prints it: the command line stands in a record of its own. */
function shown(argv: string, load = 'loaded'): string {
  const [path] = argv.split(' ');
  return `LoadState=${load}\nExecStart={ path=${path} ; argv[]=${argv} ; ignore_errors=no ; start_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }\n`;
}

describe("the file that conntrackd's unit uses", () => {
  for (const [text, file] of [
    [shown('/usr/sbin/conntrackd -C /etc/conntrackd/conntrackd.conf'), '/etc/conntrackd/conntrackd.conf'],
    [shown('/usr/sbin/conntrackd -C /run/conntrackd/conntrackd.conf'), '/run/conntrackd/conntrackd.conf'],
    [shown('/usr/sbin/conntrackd'), '/etc/conntrackd/conntrackd.conf'],
    [shown('/usr/sbin/conntrackd -C'), undefined],
    [shown('/bin/sh -c conntrackd'), undefined],
    [shown('/usr/sbin/conntrackd -C /etc/x', 'masked'), undefined],
    ['LoadState=not-found\n', undefined],
    ['', undefined],
  ] as const) {
    it(`${JSON.stringify(text.slice(0, 110))}: ${file ?? 'none'}`, () => {
      expect(fileOfExecStart(text)).to.equal(file);
    });
  }
});
