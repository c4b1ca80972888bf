import type { DumpVerdict } from '../model/dump.js';
import type { FlowRow, TupleRow } from '../model/flow-row.js';
import type { FlowStream, ReadingProgress } from '../model/flow-stream.js';
import type { Names } from '../model/names.js';
import { parseServices, type Services } from '../parsers/services.js';
import { readSmallFile } from '../sources/files.js';
import { HostNames } from '../sources/host-names.js';

const SERVICES = '/etc/services';

/** The flows of a stream with the names of their addresses and ports: those of a batch are asked for before it goes on. */
export class NamedFlows implements FlowStream {
  private readonly flows: FlowStream;
  private readonly hosts: HostNames;

  constructor(flows: FlowStream, abort: AbortSignal) {
    this.flows = flows;
    this.hosts = new HostNames(abort);
  }

  async *batches(): AsyncGenerator<FlowRow[]> {
    const names = new KnownNames(this.hosts, services());
    for await (const rows of this.flows.batches()) {
      await this.hosts.lookUp(addressesOf(rows));
      for (const row of rows) row.names = names;
      yield rows;
    }
  }

  progress(): ReadingProgress {
    return this.flows.progress();
  }

  verdict(): DumpVerdict {
    const verdict = this.flows.verdict();
    return this.hosts.spent ? { ...verdict, notes: [...verdict.notes, SPENT] } : verdict;
  }
}

const SPENT = 'Looking up host names took longer than 5 s in all: the addresses that were left are shown as numbers.';

/** A system without the file has no names for ports. */
function services(): Services {
  const read = readSmallFile(SERVICES, 'latin1');
  return parseServices('text' in read ? read.text : '');
}

function addressesOf(rows: readonly FlowRow[]): Set<string> {
  const addresses = new Set<string>();
  const add = (row: FlowRow, tuple: TupleRow): void => {
    if (tuple.src.given) addresses.add(row.text(tuple.src)).add(row.text(tuple.dst));
  };
  for (const row of rows) {
    add(row, row.original);
    add(row, row.reply);
  }
  return addresses;
}

class KnownNames implements Names {
  private readonly hosts: HostNames;
  private readonly services: Services;

  constructor(hosts: HostNames, services: Services) {
    this.hosts = hosts;
    this.services = services;
  }

  host(address: string): string | undefined {
    return this.hosts.get(address);
  }

  service(protocol: string, port: string): string | undefined {
    return this.services.get(`${port}/${protocol}`);
  }
}
