/** Ports and protocols, `443/tcp`, with the service's name: its first, where a file has several lines for one. */
export type Services = ReadonlyMap<string, string>;

/** Reads the text of services(5): a name, port and protocol, aliases and a comment a line. What is no such line is left out. */
export function parseServices(text: string): Services {
  const services = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, port, protocol] = /^([^\s#]+)\s+(\d+)\/([^\s#]+)/.exec(line) ?? [];
    if (name === undefined) continue;
    const key = `${Number(port)}/${protocol!.toLowerCase()}`;
    if (!services.has(key)) services.set(key, name);
  }
  return services;
}
