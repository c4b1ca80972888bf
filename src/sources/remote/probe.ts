import { Failure } from '../../model/failure.js';
import { askTool } from '../process.js';
import type { Carrier, ToolCommand } from '../tool.js';

/** What can be asked about the files of another machine. */
export type Operation =
  'file' | 'look' | 'real' | 'link' | 'list' | 'links' | 'glob' | 'processes' | 'programs' | 'holds';

/** What came: a word that says what it is, and for some operations bytes. */
export interface Answer {
  head: string;
  body: Buffer;
}

/**
 * Answers a list of operations with their paths, each with a line, bytes in base64 and a line with a dot: no text of a file can
 * be taken for another answer. One line, for sh of any system; sizes of files of the kernel are not known beforehand.
 */
const SCRIPT = [
  'answer() { echo "$1"; base64; echo .; }',
  'while [ $# -gt 1 ]; do op=$1; p=$2; shift 2; case $op in ' +
    'file) if [ -d "$p" ]; then answer EISDIR </dev/null; ' +
    'elif [ ! -e "$p" ]; then answer ENOENT </dev/null; ' +
    'elif [ ! -f "$p" ]; then answer ENOTREG </dev/null; ' +
    'elif [ ! -r "$p" ]; then answer EACCES </dev/null; ' +
    'else head -c 16777217 "$p" 2>/dev/null | answer text; fi;; ' +
    'look) if [ -S "$p" ]; then kind=socket; elif [ -d "$p" ]; then kind=folder; elif [ -f "$p" ]; then kind=file; ' +
    'elif [ -e "$p" ]; then kind=other; else kind=ENOENT; fi; use=no; [ -r "$p" ] && use=read && [ -w "$p" ] && use=yes; ' +
    'stat -L -c %Y "$p" 2>/dev/null | answer "$kind $use";; ' +
    'real) readlink -f "$p" 2>/dev/null | answer text;; ' +
    'link) readlink "$p" 2>/dev/null | answer text;; ' +
    'list) if [ -d "$p" ] && [ ! -r "$p" ]; then answer EACCES </dev/null; else ls -A "$p" 2>/dev/null | answer text; fi;; ' +
    'links) if [ -d "$p" ] && [ ! -r "$p" ]; then answer EACCES </dev/null; ' +
    'else for f in "$p"/*; do readlink "$f"; done 2>/dev/null | answer text; fi;; ' +
    'glob) (IFS=; for f in $p; do [ -e "$f" ] && printf "%s\\n" "$f"; done) 2>/dev/null | answer text;; ' +
    'processes) grep -hF "($p)" /proc/[0-9]*/stat 2>/dev/null | answer text;; ' +
    'holds) f=${p#*:}; if [ ! -r "$f" ]; then answer EACCES </dev/null; ' +
    'elif grep -qF "${p%%:*}" "$f" 2>/dev/null; then answer yes </dev/null; else answer no </dev/null; fi;; ' +
    'programs) (IFS=:; for d in $PATH; do [ -f "$d/$p" ] && [ -x "$d/$p" ] && readlink -f "$d/$p"; done) | answer text;; ' +
    'esac; done',
].join('; ');

/** Asks another machine about its files. What is asked at the same time goes in one command. */
export class Probe {
  private readonly via: Carrier;
  private readonly silenceMs: number;
  private readonly abort: AbortSignal;
  private waiting: Question[] = [];

  constructor(via: Carrier, silenceMs: number, abort: AbortSignal) {
    this.via = via;
    this.silenceMs = silenceMs;
    this.abort = abort;
  }

  /** @throws Failure HOST_UNREACHABLE, TIMEOUT, INTERRUPTED; BAD_ANSWER where the machine lacks what every Unix has */
  ask(operation: Operation, path: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length === 0) setImmediate(() => void this.send());
      this.waiting.push({ words: [operation, path], resolve, reject });
    });
  }

  private async send(): Promise<void> {
    const questions = this.waiting;
    this.waiting = [];
    try {
      const answers = await this.answers(questions.flatMap(({ words }) => words));
      if (answers.length !== questions.length) throw this.notUnderstood();
      questions.forEach(({ resolve }, i) => resolve(answers[i]!));
    } catch (error) {
      questions.forEach(({ reject }) => reject(error as Error));
    }
  }

  private async answers(words: readonly string[]): Promise<Answer[]> {
    const command: ToolCommand = {
      tool: 'sh',
      args: ['-c', SCRIPT, 'ctsync', ...words],
      called: `a look at ${words[1]}${words.length > 2 ? ` and ${words.length / 2 - 1} more` : ''}`,
      silenceMs: this.silenceMs,
      via: this.via,
    };
    const { stdout } = await askTool(command, this.abort);
    return answersIn(stdout.toString('latin1'));
  }

  private notUnderstood(): Failure {
    return new Failure('BAD_ANSWER', `${this.via.name} does not answer questions about its files.`, {
      next: 'It needs a POSIX shell and base64, stat and readlink, as coreutils and busybox have them.',
    });
  }
}

interface Question {
  words: [Operation, string];
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

function answersIn(text: string): Answer[] {
  const answers: Answer[] = [];
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line !== '.') {
      lines.push(line);
      continue;
    }
    const [head = '', ...rest] = lines;
    answers.push({ head, body: Buffer.from(rest.join(''), 'base64') });
    lines = [];
  }
  return answers;
}
