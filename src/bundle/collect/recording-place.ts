import type { HostFact, HostFacts, HostQuestion } from '../../model/host-facts.js';
import type { IncludedFile, UnreadInclude } from '../../model/keepalived-conf.js';
import { type Unreadable, unreadable } from '../../sources/files.js';
import type { LogFile } from '../../sources/log-file.js';
import type { FileText, PathFacts, Place } from '../../sources/place.js';
import type { ToolCommand } from '../../sources/tool.js';

/** A place that remembers what it was asked about its files and what it answered, so that both can be kept in a bundle. */
export class RecordingPlace implements Place {
  /** The texts that were read, by path. */
  readonly texts = new Map<string, Buffer>();
  private readonly facts = new Map<string, HostFact>();
  private readonly place: Place;
  readonly name?: string;
  readonly openLog?: (path: string) => Promise<LogFile>;

  constructor(place: Place) {
    this.place = place;
    if (place.name !== undefined) this.name = place.name;
    const open = place.openLog?.bind(place);
    if (open) this.openLog = (path) => this.log(path, open);
  }

  get clock() {
    return this.place.clock;
  }

  get hostName(): string {
    return this.place.hostName;
  }

  get kernelRelease(): string {
    return this.place.kernelRelease;
  }

  get isRoot(): boolean {
    return this.place.isRoot;
  }

  get userName(): string {
    return this.place.userName;
  }

  /** All that was asked, in this order. */
  document(): HostFacts {
    const { isRoot, userName } = this.place;
    return { schema: 'ctsync/host-facts/1', is_root: isRoot, user: userName, facts: [...this.facts.values()] };
  }

  command(command: ToolCommand): ToolCommand {
    return this.place.command(command);
  }

  findTool(name: string): string | undefined {
    return this.keep('tool', [name], this.place.findTool(name));
  }

  async findPrograms(name: string): Promise<string[]> {
    return this.keep('programs', [name], await this.place.findPrograms(name));
  }

  async readFile(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<FileText> {
    const read = await this.place.readFile(path, encoding);
    if ('text' in read) this.keepText(path, read.text, encoding);
    else this.keep('file', [path], read.unreadable);
    return read;
  }

  async look(path: string): Promise<PathFacts | Unreadable> {
    return this.keep('look', [path], await this.place.look(path));
  }

  async holds(path: string, text: string): Promise<boolean | undefined> {
    return this.keep('holds', [path, text], await this.place.holds(path, text));
  }

  async resolved(path: string): Promise<string> {
    return this.keep('resolved', [path], await this.place.resolved(path));
  }

  async namesIn(folder: string): Promise<string[] | undefined> {
    return this.keep('names', [folder], await this.place.namesIn(folder));
  }

  async included(pattern: string, fromFile: string): Promise<(IncludedFile | UnreadInclude)[]> {
    const found = await this.place.included(pattern, fromFile);
    for (const each of found) if ('text' in each) this.keepText(each.file, each.text, 'utf8');
    const withoutTexts = found.map((each) => ('text' in each ? { file: each.file } : each));
    this.keep('included', [pattern, fromFile], withoutTexts);
    return found;
  }

  async targetsIn(folder: string): Promise<string[] | undefined> {
    return this.keep('targets', [folder], await this.place.targetsIn(folder));
  }

  async targetOf(path: string): Promise<string | undefined> {
    return this.keep('target', [path], await this.place.targetOf(path));
  }

  async processStats(name: string): Promise<{ pid: number; stat: string }[]> {
    return this.keep('processes', [name], await this.place.processStats(name));
  }

  private async log(path: string, open: (path: string) => Promise<LogFile>): Promise<LogFile> {
    try {
      const log = await open(path);
      this.keep('log', [path], { written: log.written });
      return log;
    } catch (error) {
      this.keep('log', [path], unreadable(error));
      throw error;
    }
  }

  /** The first answer stands: it belongs to the first of the two samples. */
  private keep<Answer>(question: HostQuestion, of: string[], answer: Answer): Answer {
    const key = JSON.stringify([question, ...of]);
    if (!this.facts.has(key)) this.facts.set(key, { question, of, ...(answer === undefined ? {} : { answer }) });
    return answer;
  }

  private keepText(path: string, text: string, encoding: 'utf8' | 'latin1'): void {
    if (!this.texts.has(path)) this.texts.set(path, Buffer.from(ofNobody(path, text), encoding));
  }
}

/** Variables of a process may be secrets; the zone of its clock is the one that is asked for. */
function ofNobody(path: string, text: string): string {
  if (!/^\/proc\/\d+\/environ$/.test(path)) return text;
  return text
    .split('\0')
    .filter((variable) => variable.startsWith('TZ='))
    .map((variable) => `${variable}\0`)
    .join('');
}
