const WIDTH = 80;
const emphasis = process.stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

/** A title with a rule under it. */
export function heading(text) {
  print(`\n${strong(text)}\n${'='.repeat(Math.min(WIDTH, text.length))}\n`);
}

/** Text broken at 80 columns, with an empty line after it. */
export function paragraph(text) {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== '' && line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  print(`\n${lines.join('\n')}\n`);
}

/** What is typed where, above what it prints. */
export function typed(where, command) {
  print(`\n${strong(`[${where}] $ ${command}`)}\n`);
}

export function print(text) {
  process.stdout.write(text);
}

function strong(text) {
  return emphasis ? `\u001B[1m${text}\u001B[22m` : text;
}
