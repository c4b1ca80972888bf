import * as Flags from '@oclif/core/flags';

/** The flags of a command that compares two bundles. */
export const compareFlags = {
  node: Flags.custom<readonly [a: string, b: string]>({
    summary:
      'compare this node, or these two where they have other names; several times for several [default: those of one name]',
    helpValue: 'NAME[=NAME]',
    multiple: true,
    parse: (input) => Promise.resolve(pairOf(input)),
  })(),
};

function pairOf(input: string): readonly [string, string] {
  const [a = '', b = a, ...more] = input.split('=');
  if (a !== '' && b !== '' && more.length === 0) return [a, b];
  throw new Error(`--node takes the name of a node, or two as fw1=fw2, not ${JSON.stringify(input)}`);
}
