import { Failure } from '../model/failure.js';
import { jsonText } from '../renderers/json.js';
import { startTool } from '../sources/process.js';
import { ENDLESS_MS } from '../sources/queries.js';
import { Spool } from '../sources/spool.js';
import { targetOf } from '../sources/remote/target.js';
import { isAskedFor } from './asked-format.js';
import { EXIT } from './exit-codes.js';
import { Output, ReaderGone } from './output.js';
import { onSignals } from './signals.js';

/** What a command on one host has said. */
interface Said {
  host: string;
  exitCode: number;
  answer: Spool;
  stderr: string;
  /** It was ended by a signal that it could do nothing about: what it has written may break off anywhere. */
  killed: boolean;
}

const PIECE_BYTES = 64 * 1024;
const SCHEMA = 'ctsync/hosts/1';

/**
 * Runs a command for each host, all side by side, and shows what each has said in the order in which they were named: a host
 * that fails hides no other one.
 *
 * @param commandFor the command line for one host
 * @param argv the words of the command line, for its format
 * @returns the exit code: that of all where they agree, 5 where all answered and some say no, 1 where all failed, else 4
 * @throws Failure USAGE, OUTPUT_FAILED, INTERRUPTED
 */
export async function showHosts(
  hosts: readonly string[],
  commandFor: (host: string) => [string, ...string[]],
  argv: readonly string[],
): Promise<number> {
  hosts.forEach(targetOf);
  if (new Set(hosts).size < hosts.length) throw usage('A host is named twice.', 'Name each once.');
  const json = argv.includes('--json') || isAskedFor(argv, 'json');
  if (argv.some((word) => /^--(?:textfile|output)(?:=|$)/.test(word))) {
    throw usage('A file is of one host.', 'Run it for each host, with a file for each.');
  }
  if (!json && isForProgram(argv)) {
    throw usage('Rows for a program are of one host.', 'Run it for each host, or take --json.');
  }
  const interruption = new AbortController();
  onSignals((exitCode) => (interruption.signal.aborted ? process.exit(exitCode) : interruption.abort()));
  const output = new Output(false, interruption.signal);
  const asking = hosts.map((host) => ask(host, commandFor(host), interruption.signal));
  // Each is waited for in its turn: what fails before its turn is no failure that nobody looks at.
  asking.forEach((each) => void each.catch(() => undefined));
  const codes: number[] = [];
  try {
    const show = json ? showDocument : showPage;
    if (json) await output.write(`{"schema":${jsonText(SCHEMA)},"results":[`);
    for (const each of asking) {
      const said = await each;
      await show(said, output, codes.length === 0);
      codes.push(said.exitCode);
      await said.answer.close();
    }
    const code = exitCodeOf(codes);
    if (json)
      await output.write(`\n],"complete":${String(codes.every((one) => one === EXIT.ok || one === EXIT.no))}}\n`);
    await output.end();
    return code;
  } catch (error) {
    if (error instanceof ReaderGone) return EXIT.ok;
    throw error;
  } finally {
    interruption.abort();
  }
}

async function ask(host: string, [tool, ...args]: [string, ...string[]], abort: AbortSignal): Promise<Said> {
  const answer = await Spool.open();
  const running = startTool({ tool, args, silenceMs: ENDLESS_MS, ownEnvironment: true }, abort);
  for await (const chunk of running.chunks) await answer.append(chunk);
  const { exitCode, stderr } = await running.outcome();
  return { host, exitCode: exitCode ?? EXIT.failed, answer, stderr, killed: exitCode === undefined };
}

/** Several answers below one another would be none for a program that reads one. */
function isForProgram(argv: readonly string[]): boolean {
  return isAskedFor(argv, 'ndjson') || isAskedFor(argv, 'csv') || argv[0] === 'export';
}

async function showPage({ host, answer, stderr }: Said, output: Output, first: boolean): Promise<void> {
  await output.write(`${first ? '' : '\n'}== ${host} ==\n`);
  await copy(answer, output);
  const lines = stderr.split('\n').filter((line) => line !== '');
  for (const line of lines) process.stderr.write(`${host}: ${line}\n`);
}

/** A command that asked for JSON gives one document in every case; one that was killed gives none. */
async function showDocument({ host, exitCode, answer, killed }: Said, output: Output, first: boolean): Promise<void> {
  const head = `{"host":${jsonText(host)},"exit_code":${exitCode}`;
  const isThere = !killed && answer.length > 0;
  await output.write(`${first ? '' : ','}\n${head}${isThere ? ',"document":' : ''}`);
  if (isThere) await copy(answer, output);
  await output.write('}');
}

async function copy(answer: Spool, output: Output): Promise<void> {
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  for (let position = 0; position < answer.length;) {
    const bytes = await answer.read(piece, position);
    if (bytes === 0) return;
    await output.write(piece.subarray(0, bytes));
    position += bytes;
  }
}

function exitCodeOf(codes: readonly number[]): number {
  const [first = EXIT.failed] = codes;
  if (codes.every((code) => code === first)) return first;
  if (codes.every((code) => code === EXIT.ok || code === EXIT.no)) return EXIT.no;
  return codes.every((code) => code !== EXIT.ok && code !== EXIT.no && code !== EXIT.incomplete)
    ? EXIT.failed
    : EXIT.incomplete;
}

function usage(message: string, next: string): Failure {
  return new Failure('USAGE', message, { next });
}
