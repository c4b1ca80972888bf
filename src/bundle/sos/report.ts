import type { BundleManifest } from '../../model/bundle.js';
import { parsePrintedDate } from '../../parsers/printed-date.js';
import { parseTrackingSysctls } from '../../parsers/sysctl.js';
import type { Member, Members } from '../archive/members.js';
import { ReportNode, textOf } from './node.js';
import { DAEMON_CONFIG, KEEPALIVED_CONFIG, LOADED, PROC_TABLE, SYSCTLS } from './places.js';

/** A report as a bundle: sos gives each answer to a file that is named by the command line. */
export interface ReportParts {
  manifest: BundleManifest;
  members: Members;
  /** Namespaces, and whether the host, whose table says how many flows it has. */
  announced: ReadonlySet<string>;
}

/** The host itself comes first, then its network namespaces: of these sos asks the kernel only. */
export async function partsOf(found: Members): Promise<ReportParts> {
  const { files } = found;
  const answers = new Answers(files);
  const head = {
    host: await hostName(answers),
    ...(await kernelOf(answers)),
    collected_at: (await timeOf(answers)) ?? '',
  };
  const announced = new Set<string>();
  const members = new Map<string, Member>();
  const nodes: BundleManifest['nodes'] = [];
  for (const namespace of [undefined, ...answers.namespaces]) {
    const name = namespace ?? head.host;
    if (nodes.some((node) => node.name === name)) continue;
    const made = new ReportNode({ ...head, name });
    if (await readKernel(made, answers, namespace)) announced.add(name);
    if (namespace === undefined) await readHost(made, answers, files);
    else made.lacksDaemonConfig();
    nodes.push(made.node());
    for (const [path, member] of made.members) members.set(`${name}/${path}`, member);
  }
  const tool = { name: 'ctsync', version: 'sos' } as const;
  const manifest: BundleManifest = {
    schema: 'ctsync/bundle/1',
    created_at: head.collected_at,
    tool,
    complete: false,
    nodes,
  };
  return { manifest, members: { files: members, close: () => found.close() }, announced };
}

/** What sos asks in each namespace. @returns whether the table says itself how many flows it has */
async function readKernel(made: ReportNode, answers: Answers, namespace?: string): Promise<boolean> {
  const settings = answers.find('sysctl_-a', namespace);
  const sysctls = settings === undefined ? [] : [...parseTrackingSysctls(await textOf(settings))];
  for (const [name, value] of sysctls) made.told(`${SYSCTLS}/${name}`, `${value}\n`);
  const counters = answers.find('conntrack_-S', namespace);
  if (counters !== undefined) await made.page(['conntrack', '-S'], counters);
  const table = answers.find('conntrack_-L_-o_extended', namespace);
  const procTable = namespace === undefined ? answers.file(PROC_TABLE) : undefined;
  const listed = table !== undefined && (await made.table(table));
  if (table === undefined && procTable !== undefined) await made.table(procTable);
  // conntrack itself loads it where it may: sos asks it only where it was loaded before.
  if (listed || procTable !== undefined || sysctls.some(([name]) => LOADED.endsWith(`/${name}`))) made.saw(LOADED);
  return table !== undefined;
}

async function readHost(made: ReportNode, answers: Answers, files: Members['files']): Promise<void> {
  for (const [page, words] of PAGES) {
    const member = answers.find(`conntrackd_-s_${page}`);
    if (member !== undefined) await made.page(['conntrackd', '-C', DAEMON_CONFIG, ...words], member);
  }
  const conf = answers.file(DAEMON_CONFIG);
  if (conf === undefined) made.lacksDaemonConfig();
  else made.file(DAEMON_CONFIG, conf, 'config/conntrackd.conf');
  const keepalived = answers.file(KEEPALIVED_CONFIG);
  if (keepalived !== undefined) made.file(KEEPALIVED_CONFIG, keepalived, 'config/keepalived.conf');
  for (const [path, member] of files) if (path.startsWith('proc/net/')) made.file(`/${path}`, member);
}

/** The words by which we ask for a page that sos asks for by the first; `ct` is the general one (formats.md §8). */
const PAGES: readonly (readonly [string, readonly string[]])[] = [
  ['ct', ['-s']],
  ...['network', 'cache', 'runtime', 'link', 'rsqueue', 'queue', 'expect'].map((page) => [page, ['-s', page]] as const),
];

/** A plugin's folder, the namespace, the command line; that of sos 4.0 is called `conntrackd`. */
const ANSWER =
  /^sos_(?:commands|strings)\/[^/]+\/(?:namespaces\/[^/]+\/)?(?:ip_netns_exec_(.+)_)?((?:conntrackd?_-|sysctl_-|uname_-|hostname$|date).*?)(?:\.tailed)?$/;

/** The files of a report by what was asked. */
class Answers {
  private readonly files: Members['files'];
  private readonly answers = new Map<string, Member>();
  readonly namespaces: readonly string[];

  constructor(files: Members['files']) {
    this.files = files;
    const namespaces = new Set<string>();
    for (const [path, member] of files) {
      const [, namespace, command] = ANSWER.exec(path) ?? [];
      if (command === undefined) continue;
      const key = keyOf(command, namespace);
      if (!this.answers.has(key)) this.answers.set(key, member);
      if (namespace !== undefined) namespaces.add(namespace);
    }
    this.namespaces = [...namespaces].sort();
  }

  find(command: string, namespace?: string): Member | undefined {
    return this.answers.get(keyOf(command, namespace));
  }

  /** A file of the host. */
  file(path: string): Member | undefined {
    return this.files.get(path.slice(1));
  }
}

function keyOf(command: string, namespace: string | undefined): string {
  return JSON.stringify([command, namespace]);
}

async function hostName(answers: Answers): Promise<string> {
  const said = answers.find('hostname');
  const [, name] = /^(\S{1,253})\n?$/.exec(said === undefined ? '' : await textOf(said)) ?? [];
  return name ?? (await unameOf(answers))?.[0] ?? 'host';
}

async function kernelOf(answers: Answers): Promise<{ kernel?: string }> {
  const [, kernel] = (await unameOf(answers)) ?? [];
  return kernel === undefined ? {} : { kernel };
}

/** Node name and release of the kernel. */
async function unameOf(answers: Answers): Promise<[string, string] | undefined> {
  const said = answers.find('uname_-a');
  const [, name, release] = /^Linux (\S{1,253}) (\S{1,256}) /.exec(said === undefined ? '' : await textOf(said)) ?? [];
  return name === undefined || release === undefined ? undefined : [name, release];
}

/** RFC 3339 UTC; undefined where `date` does not tell it. */
async function timeOf(answers: Answers): Promise<string | undefined> {
  for (const command of ['date_--utc', 'date']) {
    const said = answers.find(command);
    const time = said && parsePrintedDate(await textOf(said));
    if (time !== undefined) return time.toISOString();
  }
  return undefined;
}
