import type { BundleItem, BundleNode } from '../../model/bundle.js';
import { Failure } from '../../model/failure.js';
import type { IncludedFile, UnreadInclude } from '../../model/keepalived-conf.js';
import { systemError, UNASKED, type Unreadable } from '../../sources/files.js';
import { LogFile } from '../../sources/log-file.js';
import type { FileText, NamedFiles, PathFacts, Place } from '../../sources/place.js';
import { spooledFile } from '../../sources/spool.js';
import type { ToolCommand } from '../../sources/tool.js';
import type { Bundle } from '../archive/bundle.js';
import { fileAt, itemFor, logAt } from './asked-before.js';
import { Facts } from './facts.js';
import { altered, recordedAnswer, unrecorded } from './recorded-answer.js';
import { Timeline } from './timeline.js';

/** What kind of record a place comes from. */
export interface RecordKind {
  /** For sentences. */
  what: string;
  /** What can be done about an answer that is not in it, as a sentence. */
  next: string;
  /** As {@link Place.tableInOne}. */
  tableInOne?: NonNullable<Place['tableInOne']>;
}

const BUNDLE: RecordKind = {
  what: 'the bundle',
  next: '"ctsync show bundle FILE --json" lists what it holds.',
};

/** A node of a support bundle, as it was: it answers what it was asked then. */
export class BundlePlace implements Place {
  readonly recorded = true;
  readonly name: string;
  readonly hostName: string;
  readonly kernelRelease: string;
  readonly isRoot: boolean;
  readonly userName: string;
  readonly files: NamedFiles;
  readonly clock: Timeline;
  readonly readings: 1 | 2;
  readonly tableInOne?: NonNullable<Place['tableInOne']>;
  private readonly kind: RecordKind;
  private readonly bundle: Bundle;
  private readonly node: BundleNode;
  private readonly facts: Facts;

  constructor(bundle: Bundle, node: BundleNode, facts: Facts, kind: RecordKind = BUNDLE) {
    this.kind = kind;
    if (kind.tableInOne !== undefined) this.tableInOne = kind.tableInOne;
    this.readings = node.items.some(({ sample }) => sample === 2) ? 2 : 1;
    this.bundle = bundle;
    this.node = node;
    this.facts = facts;
    this.name = bundle.name;
    this.hostName = node.host;
    this.kernelRelease = node.kernel ?? '';
    this.isRoot = facts.isRoot;
    this.userName = facts.user;
    this.files = filesOf(node);
    this.clock = new Timeline(node);
  }

  /** A node of a bundle; the first one where none is named. */
  static async open(bundle: Bundle, name: string | undefined, kind = BUNDLE): Promise<BundlePlace> {
    const node = bundle.node(name);
    if (node === undefined) {
      const names = listed(bundle.manifest.nodes.map((each) => each.name));
      throw new Failure('USAGE', `${bundle.name} holds no node ${name}.`, { next: `It holds ${names}.` });
    }
    const facts = node.items.find((item) => item.name === FACTS);
    const isThere = facts !== undefined && bundle.isIntact(facts);
    return new BundlePlace(bundle, node, new Facts(isThere ? await bundle.text(facts, 'utf8') : undefined), kind);
  }

  command(command: ToolCommand): ToolCommand {
    // As root it could have been no more than what was recorded.
    const item = itemFor(command, this.node, this.clock.sample);
    if (item === undefined) return { ...command, recorded: unrecorded(command, this.name, this.kind.next) };
    const onEnd = item.rows === undefined ? () => undefined : () => this.clock.advance();
    return { ...command, recorded: recordedAnswer(command, item, this.bundle, onEnd) };
  }

  findTool(name: string): string | undefined {
    return this.facts.text('tool', name);
  }

  findPrograms(name: string): Promise<string[]> {
    const found = this.facts.texts('programs', name);
    return found === undefined ? Promise.reject(this.untold(`programs called ${name}`)) : Promise.resolve(found);
  }

  async readFile(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<FileText> {
    const item = fileAt(path, this.node, this.clock.sample);
    if (item?.sha256 === undefined || item.error !== undefined) {
      return { unreadable: this.unreadableBy(this.facts.object('file', path)) };
    }
    // A part of a configuration says other things than the whole.
    if (item.truncated === true) return { unreadable: CUT };
    if (!this.bundle.isIntact(item)) throw altered(item, this.bundle);
    return { text: await this.bundle.text(item, encoding) };
  }

  look(path: string): Promise<PathFacts | Unreadable> {
    const found = this.facts.object('look', path);
    if (found === undefined) return Promise.reject(this.untold(path));
    return Promise.resolve('kind' in found ? pathFacts(found) : this.unreadableBy(found));
  }

  holds(path: string, text: string): Promise<boolean | undefined> {
    return Promise.resolve(this.facts.yesOrNo('holds', path, text));
  }

  async openLog(path: string): Promise<LogFile> {
    const item = logAt(path, this.node);
    const fact = this.facts.object('log', path);
    if (item?.sha256 === undefined) throw systemError(this.unreadableBy(fact).code);
    if (!this.bundle.isIntact(item)) throw altered(item, this.bundle);
    return LogFile.of(await spooledFile(this.bundle.read(item), 'The log'), timeIn(fact?.['written']));
  }

  resolved(path: string): Promise<string> {
    return Promise.resolve(this.facts.text('resolved', path) ?? path);
  }

  namesIn(folder: string): Promise<string[] | undefined> {
    return Promise.resolve(this.facts.texts('names', folder));
  }

  async included(pattern: string, fromFile: string): Promise<(IncludedFile | UnreadInclude)[]> {
    const found = this.facts.objects('included', pattern, fromFile);
    if (found === undefined) return [{ file: pattern, reason: this.notThere().reason, why: 'unreadable' }];
    return Promise.all(
      found.map(async ({ file, reason, why }): Promise<IncludedFile | UnreadInclude> => {
        const name = String(file);
        if (typeof reason === 'string') {
          return { file: name, reason, why: why === 'skipped' ? 'skipped' : 'unreadable' };
        }
        const read = await this.readFile(name);
        return 'text' in read
          ? { file: name, text: read.text }
          : { file: name, reason: read.unreadable.reason, why: 'unreadable' };
      }),
    );
  }

  targetsIn(folder: string): Promise<string[] | undefined> {
    return Promise.resolve(this.facts.texts('targets', folder));
  }

  targetOf(path: string): Promise<string | undefined> {
    return Promise.resolve(this.facts.text('target', path));
  }

  processStats(name: string): Promise<{ pid: number; stat: string }[]> {
    const found = this.facts.objects('processes', name);
    if (found === undefined) return Promise.reject(this.untold(`processes called ${name}`));
    return Promise.resolve(found.map(({ pid, stat }) => ({ pid: Number(pid), stat: String(stat) })));
  }

  /** What nobody asked about when the record was made. */
  private notThere(): Unreadable {
    return { code: UNASKED, reason: `is not in ${this.kind.what}` };
  }

  private unreadableBy(found: Record<string, unknown> | undefined): Unreadable {
    const { code, reason } = found ?? {};
    return typeof code === 'string' && typeof reason === 'string' ? { code, reason } : this.notThere();
  }

  private untold(what: string): Failure {
    return new Failure('NOT_IN_BUNDLE', `${this.name} does not say anything of ${what}.`);
  }
}

/** Of a file of which the bundle has the first part only. */
const CUT: Unreadable = { code: 'EFBIG', reason: 'was cut at a limit of the bundle' };

/** The document of {@link Facts} in the folder of a node. */
const FACTS = 'host/facts.json';

function listed(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), names.at(-1)].filter((part) => part !== '').join(' and ');
}

/** By the names of items, whatever paths they had there. */
function filesOf({ items }: BundleNode): NamedFiles {
  const pathOf = (named: (name: string) => boolean): string[] =>
    items.flatMap((item: BundleItem) => (named(item.name) && item.path !== undefined ? [item.path] : []));
  const [daemonConfig] = pathOf((name) => name === 'config/conntrackd.conf');
  const configs = items.filter(({ name, path }) => name.startsWith('config/keepalived') && path !== undefined);
  const keepalived = configs.find(({ error }) => error === undefined) ?? configs[0];
  const states = pathOf((name) => name.startsWith('state/failover-state'));
  const transitions = pathOf((name) => name.startsWith('state/transitions'));
  return {
    daemonConfig,
    keepalivedConfig: keepalived?.path,
    failoverState: nonEmpty(states),
    transitions: nonEmpty(transitions),
  };
}

function nonEmpty([first, ...others]: readonly string[]): readonly [string, ...string[]] | undefined {
  return first === undefined ? undefined : [first, ...others];
}

const KINDS: readonly unknown[] = ['file', 'folder', 'socket', 'other'];

function pathFacts({ kind, written, readable, usable }: Record<string, unknown>): PathFacts {
  return {
    kind: KINDS.includes(kind) ? (kind as PathFacts['kind']) : 'other',
    written: timeIn(written),
    readable: readable === true,
    usable: usable === true,
  };
}

function timeIn(text: unknown): Date {
  const time = new Date(typeof text === 'string' ? text : NaN);
  return Number.isNaN(time.getTime()) ? new Date(0) : time;
}
