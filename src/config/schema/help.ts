import { LINK, LINK_OPTIONS, type Option, OPTIONS } from './options.js';

/** A statement as it is typed, with the name of its value. */
export function typed({ words, value }: Option, before = ''): string {
  const name = value?.words?.join('|') ?? value?.name;
  return `${before}${words.join(' ')}${name === undefined ? '' : ` ${name}`}`;
}

/** Every statement that there is, in the order of the words; those of a link behind it. */
export function allStatements(): { text: string; option: Option }[] {
  const links = [LINK, ...LINK_OPTIONS].map((option) => ({
    text: typed(option, option === LINK ? '' : `${typed(LINK)} `),
    option: option,
  }));
  const others = OPTIONS.map((option) => ({ text: typed(option), option: option }));
  return [...others, ...links].sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** All statements with what they are for, for help; those that differ by one word share a line. */
export const statementsHelp = [...byHelp().entries()]
  .map(([help, statements]) => {
    const [{ text, option }] = statements;
    const value = option.default === undefined ? '' : ` [default: ${option.default}]`;
    const many = option.many ? ', several times' : '';
    const needed = option.required ? ', required' : '';
    const blocks = statements.flatMap((each) => each.option.words[1] ?? []);
    const shared = blocks.length > 1 ? text.replace(` ${blocks[0]} `, ` ${blocks.join('|')} `) : text;
    return `- ${shared}: ${help}${many}${needed}${value}`;
  })
  .join('\n');

type Statement = ReturnType<typeof allStatements>[number];

function byHelp(): Map<string, [Statement, ...Statement[]]> {
  const found = new Map<string, [Statement, ...Statement[]]>();
  for (const statement of allStatements()) {
    const same = found.get(statement.option.help);
    if (same) same.push(statement);
    else found.set(statement.option.help, [statement]);
  }
  return found;
}
