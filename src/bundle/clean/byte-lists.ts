/** A field of `journalctl -o json` whose text has control characters, or bytes that are no text: a list of them. */
const BYTE_LIST = /(?<="[A-Z0-9_]{1,64}"\s*:\s*)\[\s*\d{1,3}(?:\s*,\s*\d{1,3})*\s*\]/g;

/** The text with the lists of bytes in it cleaned as the texts that they are. */
export function withByteLists(text: string, clean: (text: string) => string): string {
  if (!text.includes('[')) return text;
  return text.replace(BYTE_LIST, (list) => {
    const bytes = JSON.parse(list) as number[];
    if (bytes.some((byte) => byte > 255)) return list;
    const before = Buffer.from(bytes).toString('latin1');
    const after = clean(before);
    return after === before ? list : JSON.stringify([...Buffer.from(after, 'latin1')]);
  });
}
