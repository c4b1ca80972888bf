import { Agent } from './agent.js';
import type { Namespaces } from './network.js';
import { LAN, peerOf, SERVER, WAN } from './plan.js';
import type { RouterName } from './plan.js';

/** Flows that a firewall begins or ends itself, as its SSH, DNS and monitoring do: the pair has to do with them, its VIP not. */
export class OwnFlows {
  private begun = 0;

  private constructor(
    private readonly router: RouterName,
    private readonly own: Agent,
    private readonly peer: Agent,
  ) {}

  /** Starts the programs on this router and on its peer; they end with {@link end}, or with the lab. */
  static async on(router: RouterName, namespaces: Namespaces): Promise<OwnFlows> {
    const own = new Agent(namespaces[router]);
    await own.tell('echo', { tcp: [22] });
    return new OwnFlows(router, own, new Agent(namespaces[peerOf(router)]));
  }

  /**
   * Of each kind so many: TCP connections of the router to port 22 of a server and of the peer to the router's own, which
   * carry something and are closed, and questions to port 53, each answered.
   */
  async some(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      await this.connection(this.own, SERVER.ipv4, WAN.ipv4.router(this.router));
      await this.connection(this.peer, LAN.ipv4.router(this.router), LAN.ipv4.router(peerOf(this.router)));
    }
    const from = WAN.ipv4.router(this.router);
    await this.own.tell('datagrams', { host: SERVER.ipv4, port: 53, from, count, packets: 1, replies: true });
  }

  async end(): Promise<void> {
    await Promise.all([this.own.end(), this.peer.end()]);
  }

  private async connection(agent: Agent, host: string, from: string): Promise<void> {
    const name = `own ${String((this.begun += 1))}`;
    await agent.tell('open', { name, host, port: 22, from });
    await agent.tell('talk', { name, bytes: 1000 });
    await agent.tell('close', { name });
  }
}
