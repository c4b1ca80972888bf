/** Protocol numbers by their names and aliases, spelt as they stand in the file: who asks for a protocol has to as well. */
export type ProtocolNames = ReadonlyMap<string, number>;

/** Reads the text of protocols(5): a name, number, aliases and a comment a line. What is no such line is left out. */
export function parseProtocols(text: string): ProtocolNames {
  const names = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name, digits = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    const number = Number(digits);
    if (name === undefined || !/^\d{1,3}$/.test(digits) || number > LARGEST) continue;
    for (const each of [name, ...aliases]) if (!names.has(each)) names.set(each, number);
  }
  return names;
}

const LARGEST = 255;
