import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import type { KeepalivedConf } from '../../src/model/keepalived-conf.js';
import { parseKeepalivedConf } from '../../src/parsers/keepalived-conf.js';
import type { KeepalivedSurroundings } from '../../src/parsers/keepalived-conf/lines.js';
import { readIncluded } from './keepalived-conf.includes.js';

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/keepalived-2.2.7/${name}`, import.meta.url));
}

function parseFixture(name: string, configId: string): KeepalivedConf {
  return parseKeepalivedConf(readFileSync(fixture(name), 'utf8'), fixture(name), { configId, readIncluded });
}

function parse(text: string, surroundings: KeepalivedSurroundings = {}): KeepalivedConf {
  return parseKeepalivedConf(text, 'k.conf', surroundings);
}

function warningsOf(text: string, surroundings: KeepalivedSurroundings = {}): string[] {
  return parse(text, surroundings).warnings.map(({ file, line, message }) => `${file}:${line}: ${message}`);
}

/** The addresses of the one instance of the text. */
function addressesOf(text: string, surroundings: KeepalivedSurroundings = {}): string[] {
  const conf = parse(`vrrp_instance V {\nvirtual_ipaddress {\n${text}\n}\n}\n`, surroundings);
  return conf.vrrp_instances.flatMap((each) => each.virtual_addresses.map(({ address }) => address));
}

function files(contents: Record<string, string>): KeepalivedSurroundings {
  return {
    readIncluded: (pattern) =>
      Object.entries(contents)
        .filter(([file]) => file === pattern)
        .map(([file, text]) => ({ file, text })),
  };
}

describe('parseKeepalivedConf knows', () => {
  describe('comments and quotes', () => {
    it('end a line at # and ! but not between double quotes', () => {
      expect(addressesOf('10.0.0.1#x\n10.0.0.2!x\n# 10.0.0.3\n"10.0.0.4" ! "\n')).to.deep.equal([
        ...['10.0.0.1', '10.0.0.2', '10.0.0.4'],
      ]);
      const { statements } = parse('a "# \\" ! {" \'b c\' d\'e f\'g "h"i # "j');
      expect(statements[0]?.values).to.deep.equal(['# " ! {', 'b c', "d'e", "f'g", 'hi']);
    });

    it('know escapes between double quotes', () => {
      const { statements } = parse(String.raw`a "\x41\101\\\"\t\E\q" \n`);
      expect(statements[0]?.values).to.deep.equal(['AA\\"\t\u001bq', '\\n']);
    });

    it('warn where a quote has no end', () => {
      expect(warningsOf('a "b c')).to.deep.equal(['k.conf:1: a quote has no end']);
      expect(warningsOf("a 'b c")).to.deep.equal(['k.conf:1: a quote has no end']);
      expect(warningsOf('a "b\\')).to.deep.equal(['k.conf:1: a quote has no end']);
      expect(parse('a "b\\').statements[0]?.values).to.deep.equal(['b']);
    });

    it('may stand in a file with carriage returns', () => {
      expect(addressesOf('10.0.0.1\r\n"10.0.0.2"\r\n')).to.deep.equal(['10.0.0.1', '10.0.0.2']);
    });
  });

  describe('conditions', () => {
    const TEXT = '@r1 10.0.0.1\n@^r1 10.0.0.2\n@ 10.0.0.3\n@^ 10.0.0.4\n@r1 @^r2 10.0.0.5\n@r1\n10.0.0.6';

    it('keep the lines of this host', () => {
      expect(addressesOf(TEXT, { configId: 'r1' })).to.deep.equal(['10.0.0.1', '10.0.0.4', '10.0.0.5', '10.0.0.6']);
      expect(addressesOf(TEXT, { configId: 'r2' })).to.deep.equal(['10.0.0.2', '10.0.0.4', '10.0.0.6']);
    });

    it('leave the line out, with a warning, where the host is not known', () => {
      expect(addressesOf('@r1 10.0.0.1\n10.0.0.2')).to.deep.equal(['10.0.0.2']);
      expect(warningsOf('@^r1 x')).to.deep.equal([
        'k.conf:1: whether @^r1 holds depends on the host: the line is left out',
      ]);
    });
  });

  describe('parameters', () => {
    it('are replaced when the line is read, with braces or before a blank', () => {
      const text = '$A=10.${B}\n$B=0\n${A}.0.1\n$B=1\n${A}.0.2\n$C=10.2.0.3\n$C dev x\n$C\n$C.1';
      expect(addressesOf(text)).to.deep.equal(['10.0.0.1', '10.1.0.2', '10.2.0.3', '10.2.0.3']);
    });

    it('may have many lines, in which others are set', () => {
      const text = '$M= \\\n $N=1 \\\n\n 10.0.0.${N} \\\n $N=2 \\\n $L\n$L= \\\n 10.0.1.${N} \\\n10.0.2.${N}\n$M';
      expect(addressesOf(text)).to.deep.equal(['10.0.0.1', '10.0.1.2', '10.0.2.2']);
    });

    it('may be conditions, and may end with the file', () => {
      expect(addressesOf('$IF=@r1\n$IF 10.0.0.1\n$E=\n${E}10.0.0.2', { configId: 'r1' })).to.deep.equal([
        ...['10.0.0.1', '10.0.0.2'],
      ]);
      expect(parse('$A= \\').statements).to.deep.equal([]);
      expect(parse('$A=x \\\n').statements).to.deep.equal([]);
    });

    it('that keepalived defines are the folder, its own name, # and !', () => {
      const { statements } = parseKeepalivedConf('a ${_PWD} ${_INSTANCE} ${_HASH} ${_BANG}', '/etc/k/k.conf', {
        configId: 'r1',
      });
      expect(statements[0]?.values).to.deep.equal(['/etc/k', 'r1', '#', '!']);
      expect(parseKeepalivedConf('${_PWD}', '/k.conf').statements[0]?.keyword).to.equal('/');
      expect(parse('${_PWD}').statements[0]?.keyword).to.equal('.');
    });

    it('that are not defined stay as they are', () => {
      expect(parse('a $B $1 $_x').statements[0]?.values).to.deep.equal(['$B', '$1', '$_x']);
      expect(parse('$A = 1').statements[0]?.values).to.deep.equal(['=', '1']);
    });

    it('that contain one another end with a failure', () => {
      for (const text of ['$A=$A\n$A', '$A=${B}${B}\n$B=${A}${A}\n$A', '$A= \\\n$A \\\n$A\n$A']) {
        expect(() => parse(text), text).to.throw(Failure, /contain one another without end/);
      }
    });

    it('in sequences are not expanded, with a warning', () => {
      expect(warningsOf('~SEQ(A, 1, 2) 10.0.0.${A}\n~LST(A, 1) x\n~SEQx (A, 1, 2) y')).to.have.length(3);
      expect(addressesOf('~SEQ(A, 1, 2) 10.0.0.${A}\n10.0.0.9')).to.deep.equal(['10.0.0.9']);
    });
  });

  describe('includes', () => {
    it('read the files in place, relative to the file that names them', () => {
      const conf = parseFixture('everything.conf', 'r1');
      expect(conf.warnings).to.deep.equal([]);
      expect(conf.vrrp_instances[0]?.excluded_addresses).to.deep.equal([
        { family: 'ipv4', address: '10.1.0.4', prefix_length: 24 },
        { family: 'ipv4', address: '10.1.0.5' },
      ]);
      const [nopreempt] = (conf.statements.find(({ values }) => values[0] === 'ONE')?.block ?? []).filter(
        ({ keyword }) => keyword === 'nopreempt',
      );
      expect(nopreempt).to.deep.include({ file: fixture('conf.d/b.conf'), line: 1 });
    });

    it('have variants, take parameters, and the definitions of a file hold after it', () => {
      const surroundings = files({ a: '$A=10.0.0.1', b: '$A', c: '10.0.0.3' });
      expect(addressesOf('includea a\n$N=b\ninclude $N\nincluder c # comment', surroundings)).to.deep.equal([
        ...['10.0.0.1', '10.0.0.3'],
      ]);
    });

    it('warn where there is nothing to include', () => {
      expect(warningsOf('include x/*.conf')).to.deep.equal(['k.conf:1: no file to include: x/*.conf']);
      expect(warningsOf('include y', files({ x: '' }))).to.deep.equal(['k.conf:1: no file to include: y']);
    });

    it('stop where files include one another, or too deep', () => {
      expect(warningsOf('include a', files({ a: 'include b', b: 'include a' }))).to.deep.equal([
        'b:1: a includes itself: it is left out here',
      ]);
      const endless: KeepalivedSurroundings = {
        readIncluded: (pattern) => [{ file: `${pattern}x`, text: `include ${pattern}x` }],
      };
      expect(warningsOf('include a', endless))
        .to.have.length(1)
        .and.to.match(/is included too deep: it is left out/);
    });

    it('fail where they never end', () => {
      const doubling: KeepalivedSurroundings = {
        readIncluded: (pattern) => [{ file: `${pattern}x`, text: `include ${pattern}x\ninclude ${pattern}y` }],
      };
      expect(() => parse('include a', doubling)).to.throw(Failure, /more than 1000000 lines/);
    });
  });

  describe('braces', () => {
    it('that do not match have a warning each', () => {
      expect(warningsOf('a {\n}\n}\n{\nb\n}\nc {\nd {\n')).to.deep.equal([
        'k.conf:3: a } closes no block',
        'k.conf:4: a { stands where no block can begin',
        'k.conf:7: the block of c is never closed',
        'k.conf:8: the block of d is never closed',
      ]);
      expect(warningsOf('{')[1]).to.equal('k.conf:1: the block of { is never closed');
    });

    it('are a failure where too many are open', () => {
      expect(() => parse('a {'.repeat(65))).to.throw(Failure, /More than 64 blocks are open/);
      expect(parse('a {'.repeat(64)).warnings).to.have.length(64);
    });
  });
});
