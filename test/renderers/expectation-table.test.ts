import { expect } from 'chai';
import type { ExpectationListing } from '../../src/model/expectation.js';
import { parseExpectationDump } from '../../src/parsers/expectation-dump.js';
import { renderExpectationTable } from '../../src/renderers/expectation-table.js';
import { uncoloured } from '../support/terminal.js';

const FTP =
  '291 proto=6 src=10.91.1.2 dst=10.91.2.2 sport=0 dport=51221 mask-src=255.255.255.255 mask-dst=255.255.255.255 sport=0 dport=65535 master-src=10.91.1.2 master-dst=10.91.2.2 sport=45001 dport=21 class=0 helper=ftp';
const FTP6 =
  '291 proto=6 src=2001:db8:1111:2222:3333:4444:5555:6666 dst=2001:db8:1111:2222:3333:4444:5555:7777 sport=0 dport=51221 mask-src=ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff mask-dst=ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff sport=0 dport=65535 master-src=2001:db8:1111:2222:3333:4444:5555:6666 master-dst=2001:db8:1111:2222:3333:4444:5555:7777 sport=45002 dport=21 class=0 helper=ftp';

function listing(...lines: string[]): ExpectationListing {
  const { expectations } = parseExpectationDump(lines.map((line) => `${line}\n`).join(''));
  return { expectations, summary: { shown: expectations.length, unreadable: 0 }, notes: [], complete: true };
}

function table(shown: ExpectationListing, columns?: number): string {
  return renderExpectationTable(shown, { columns, colour: false });
}

describe('table of expectations', () => {
  it('is one line each in a pipe, and says whether it is all', () => {
    expect(table(listing(FTP))).to.equal(
      `SOURCE        DESTINATION     PROTOCOL TIMEOUT HELPER MASTER SOURCE   MASTER DESTINATION
10.91.1.2:any 10.91.2.2:51221 tcp [6]  291     ftp    10.91.1.2:45001 10.91.2.2:21

1 expectation, complete.
`,
    );
  });

  it('goes on in indented lines on a terminal of 80 columns, and cuts no address', () => {
    const lines = table(listing(FTP, FTP6), 80).split('\n');
    expect(lines.filter((line) => line.length > 80)).to.deep.equal([]);
    expect(lines.join(' ').replace(/\s+/g, ' ')).to.include(
      '[2001:db8:1111:2222:3333:4444:5555:6666]:any [2001:db8:1111:2222:3333:4444:5555:7777]:51221 tcp [6] 291 ftp',
    );
  });

  it('says what the mask leaves open, and has columns for what few expectations have', () => {
    const shown = table(
      listing(
        FTP.replace('mask-src=255.255.255.255', 'mask-src=0.0.0.0'),
        `${FTP.replace('mask-src=255.255.255.255', 'mask-src=255.255.255.0').replace('sport=0 dport=65535', 'sport=256 dport=0')} zone=7 PERMANENT,INACTIVE`,
        'proto=50 src=::1 dst=::2 mask-src=:: mask-dst=ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff master-src=::1 master-dst=::2 class=2',
      ),
    );
    const rows = shown.split('\n').map((row) => row.trimEnd().split(/ {1,}/).join(' '));
    expect(rows.slice(0, 4)).to.deep.equal([
      'SOURCE DESTINATION PROTOCOL TIMEOUT HELPER MASTER SOURCE MASTER DESTINATION CLASS ZONE FLAGS',
      'any:any 10.91.2.2:51221 tcp [6] 291 ftp 10.91.1.2:45001 10.91.2.2:21 - - -',
      '10.91.1.2/255.255.255.0:0/256 10.91.2.2:any tcp [6] 291 ftp 10.91.1.2:45001 10.91.2.2:21 - 7 permanent,inactive',
      'any ::2 esp [50] - - ::1 ::2 2 - -',
    ]);
  });

  it("of conntrackd's caches, says which and for how long, and has no timeout", () => {
    const { complete: _, ...captured } = listing(
      `${FTP.replace('291 ', '')} [active since 65s]`,
      `${FTP.replace('291 ', '')} [expires in 174s] [active since -1s]`,
    );
    const sink = { columns: undefined, colour: false };
    const rows = renderExpectationTable({ ...captured, complete: true }, sink, 'external').split('\n');
    expect(rows.map((row) => row.trimEnd().replace(/ +/g, ' '))).to.deep.equal([
      'SOURCE DESTINATION PROTOCOL HELPER MASTER SOURCE MASTER DESTINATION EXPIRES IN CACHED FOR',
      '10.91.1.2:any 10.91.2.2:51221 tcp [6] ftp 10.91.1.2:45001 10.91.2.2:21 - 1 min 5 s',
      '10.91.1.2:any 10.91.2.2:51221 tcp [6] ftp 10.91.1.2:45001 10.91.2.2:21 2 min 54 s -1 s',
      '',
      '2 expectations in the external cache, complete.',
      '',
    ]);
    expect(renderExpectationTable(listing(), sink, 'internal')).to.equal('No expectations in the internal cache.\n');
  });

  it('shows names as what may be shown on a terminal', () => {
    const shown = table(listing(FTP.replace('helper=ftp', 'helper=\x1b[31mb\xc3\xbcro')));
    expect(shown).to.include(' \\x1b[31mb\\u{fc}ro ');
  });

  it('says that there are none, and what is missing or unreadable', () => {
    expect(table(listing())).to.equal('No expectations.\n');
    const { complete: _, ...captured } = listing(FTP);
    expect(table(captured)).to.match(/ 10\.91\.2\.2:21\n$/);
    expect(table({ ...listing(FTP, FTP), complete: false })).to.match(/\n\n2 expectations, INCOMPLETE\.\n$/);
    const partly = { ...captured, summary: { shown: 1, unreadable: 1 } };
    expect(table(partly)).to.match(/\n\n1 expectation, 1 unreadable line, partly unreadable\.\n$/);
    expect(table({ ...partly, summary: { shown: 1, unreadable: 2 } })).to.include('2 unreadable lines');
    expect(table({ ...listing(), complete: false })).to.equal('No expectations.\n0 expectations, INCOMPLETE.\n');
  });

  it('has a bold header where colours may be used', () => {
    const coloured = renderExpectationTable(listing(FTP), { colour: true });
    expect(coloured.startsWith('\u001b[1mSOURCE ')).to.equal(true);
    expect(uncoloured(coloured)).to.equal(table(listing(FTP)));
  });
});
