import { Agent } from './agent.js';
import { CLIENT, ECHO, FORWARDED, PARTNERS, SERVER, WAN } from './plan.js';
import type { Family } from '../../src/model/flow.js';
import { must } from './run.js';
import type { Namespaces } from './network.js';

/** A TCP connection that the traffic programs hold open. */
export interface Connection {
  localAddress: string;
  localPort: number;
  host: string;
  port: number;
  /** Sends so many bytes and waits for as many to come back; rejects if the connection is broken or the time is over. */
  talk: (bytes: number, seconds?: number) => Promise<void>;
  close: () => Promise<void>;
}

/** How the traffic's source is translated on its way out: not at all, to the virtual address, to the router's own. */
export type Translation = 'none' | 'snat' | 'masquerade';

export interface TrafficOptions {
  family?: Family;
  /** IPv4 only. */
  translation?: Translation;
  /** How many connections, sockets or echo requests. */
  count?: number;
  port?: number;
  /** Through the master of the second sync group, untranslated. */
  partners?: boolean;
}

/** Real traffic through the lab's master, bounded in count. Every call returns when the answers are there. */
export class Traffic {
  private client: Agent | undefined;
  private server: Agent | undefined;
  private readonly held = new Set<Connection>();
  private opened = 0;

  constructor(private readonly names: Namespaces) {}

  /** Starts the programs that send and answer. */
  async start(): Promise<void> {
    this.client = new Agent(this.names.client);
    this.server = new Agent(this.names.server);
    await this.client.tell('echo', { tcp: [FORWARDED.inside] });
    await this.server.tell('echo', ECHO);
  }

  /** TCP connections from the client to the server, each of which has carried data; they stay open. */
  async tcp(options: TrafficOptions = {}): Promise<Connection[]> {
    const { count = 1, port = 22 } = options;
    const connections: Connection[] = [];
    for (let index = 0; index < count; index += 1) {
      connections.push(await this.open(this.clientAgent, hostFor(options), port, sourceFor(options)));
    }
    return connections;
  }

  /** A TCP connection from the WAN to the virtual address, which the master sends on to the client (destination NAT). */
  forwarded(): Promise<Connection> {
    return this.open(this.serverAgent, WAN.ipv4.virtual, FORWARDED.outside, SERVER.ipv4);
  }

  /** Datagrams from as many sockets, each answered. Returns the source ports. */
  async udp(options: TrafficOptions = {}): Promise<number[]> {
    const details = { packets: 2, replies: true, count: options.count ?? 1, port: options.port ?? 53 };
    return this.datagrams({ ...details, host: hostFor(options), from: sourceFor(options) });
  }

  /** For so many milliseconds new UDP flows, all answered: 2,000 a second where the machine can. */
  async flood(milliseconds: number): Promise<void> {
    const details = { host: SERVER.ipv4, from: CLIENT.ipv4, ports: ECHO.udp, perSecond: 2000 };
    await this.clientAgent.tell('flood', { ...details, milliseconds });
  }

  /** Datagrams from as many sockets to an address that nobody has. Returns the source ports. */
  async unansweredUdp(options: { count?: number; port?: number } = {}): Promise<number[]> {
    const details = { packets: 1, replies: false, count: options.count ?? 1, port: options.port ?? 694 };
    return this.datagrams({ ...details, host: SERVER.nobody, from: CLIENT.ipv4 });
  }

  /** A TCP connection to an address that nobody has: its flow stays in SYN_SENT. */
  async knock(port = 443): Promise<void> {
    await this.clientAgent.tell('knock', { host: SERVER.nobody, port, from: CLIENT.ipv4 });
  }

  /** Echo requests, all answered. */
  async ping(options: TrafficOptions = {}): Promise<void> {
    const { count = 2 } = options;
    const argv = [
      'ping',
      '-q',
      '-c',
      String(count),
      '-i',
      '0.2',
      '-W',
      '2',
      '-I',
      sourceFor(options),
      hostFor(options),
    ];
    await must(['ip', 'netns', 'exec', this.names.client, ...argv], { seconds: 10 + count });
  }

  /** Some of everything: TCP, UDP, ICMP, both families, every translation, answered and not. Returns the connections. */
  async mixed(): Promise<Connection[]> {
    const connections = [
      ...(await this.tcp({ count: 3, port: 22 })),
      ...(await this.tcp({ count: 2, port: 443 })),
      ...(await this.tcp({ count: 2, port: 80, translation: 'snat' })),
      ...(await this.tcp({ count: 1, port: 80, translation: 'masquerade' })),
      ...(await this.tcp({ count: 2, port: 22, family: 'ipv6' })),
      await this.forwarded(),
    ];
    await this.udp({ count: 3, port: 53 });
    await this.udp({ count: 2, port: 123, translation: 'masquerade' });
    await this.udp({ count: 2, port: 53, family: 'ipv6' });
    await this.unansweredUdp();
    await this.ping();
    await this.ping({ family: 'ipv6' });
    await this.knock();
    return connections;
  }

  /** Connections now held open. */
  get connections(): readonly Connection[] {
    return [...this.held];
  }

  /** Closes every connection in order; afterwards nothing is sent any more. */
  async stop(): Promise<void> {
    for (const connection of this.held) await connection.close();
  }

  /** Ends the programs. Connections that are still open are cut. */
  async end(): Promise<void> {
    this.held.clear();
    await Promise.all([this.client?.end(), this.server?.end()]);
  }

  private async open(agent: Agent, host: string, port: number, from: string): Promise<Connection> {
    this.opened += 1;
    const name = `connection ${String(this.opened)}`;
    const local = await agent.tell<{ localAddress: string; localPort: number }>('open', { name, host, port, from });
    const connection: Connection = {
      ...local,
      host,
      port,
      talk: async (bytes, seconds = 10) => {
        await agent.tell('talk', { name, bytes, seconds });
      },
      close: async () => {
        this.held.delete(connection);
        await agent.tell('close', { name });
      },
    };
    this.held.add(connection);
    await connection.talk(1000);
    return connection;
  }

  private async datagrams(details: Record<string, unknown>): Promise<number[]> {
    const { localPorts } = await this.clientAgent.tell<{ localPorts: number[] }>('datagrams', details);
    return localPorts;
  }

  private get clientAgent(): Agent {
    if (this.client === undefined) throw new Error('the lab is not started');
    return this.client;
  }

  private get serverAgent(): Agent {
    if (this.server === undefined) throw new Error('the lab is not started');
    return this.server;
  }
}

function hostFor({ family = 'ipv4', partners = false }: TrafficOptions): string {
  return (partners ? PARTNERS.server : SERVER)[family];
}

function sourceFor({ family = 'ipv4', translation = 'none', partners = false }: TrafficOptions): string {
  if (translation === 'none') return (partners ? PARTNERS.client : CLIENT)[family];
  if (family === 'ipv6') throw new TypeError('the lab translates IPv4 only');
  return translation === 'snat' ? CLIENT.snat : CLIENT.masqueraded;
}
