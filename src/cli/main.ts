import { Config } from '@oclif/core/config';
import { normalizeArgv } from '@oclif/core/help';
import { run } from '@oclif/core/run';
import { asFailure, errorDocument } from './as-failure.js';
import { exitCodeOf, isEnded, PLUGIN_EXIT } from './exit-codes.js';
import { outputError } from './output.js';
import { runElsewhere } from './elsewhere.js';
import { reportFailure, stderrColour } from './report.js';
import { isCheck, serviceOf, unmadeCheck } from './unmade-check.js';
import { CHECK_SCHEMA, NO_THRESHOLDS } from '../model/check.js';
import { Failure } from '../model/failure.js';
import { toJson } from '../renderers/json.js';
import { renderCheck } from '../renderers/plugin-output.js';

/**
 * Runs one command line to its exit code.
 *
 * @param root folder with package.json and oclif.manifest.json
 */
export async function main(argv: string[], root: string): Promise<never> {
  process.on('uncaughtException', (error) => {
    endWith(error, argv);
    void allWritten().finally(() => process.exit());
  });
  // Where nobody can read what is said on stderr, the answer and its exit code are worth the same.
  process.stderr.on('error', () => undefined);
  // Until a command has an output of its own: help and errors go into pipes and onto full disks, too.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const failure = outputError(error);
    if (failure instanceof Failure) reportFailure(failure, stderrColour(argv.includes('--no-color')));
    if (isCheck(argv)) process.exit(PLUGIN_EXIT.UNKNOWN);
    process.exit(failure instanceof Failure ? exitCodeOf(failure) : undefined);
  });
  try {
    // Plugins of the user's would be looked for in a home folder that may not be ours to read.
    const config = await Config.load({ root, userPlugins: false, devPlugins: false });
    refuseFlagsOfTopic(config, argv);
    const elsewhere = await runElsewhere(config, argv);
    if (elsewhere === undefined) await run(argv, config);
    else process.exitCode = elsewhere;
    // What tells nothing of a node, such as help, must not look like one that is well.
    if (isCheck(argv)) process.exitCode ??= PLUGIN_EXIT.UNKNOWN;
  } catch (error) {
    endWith(error, argv);
  }
  await allWritten();
  process.exit();
}

/**
 * oclif answers the beginning of a command with help, whatever flags stand behind it: a program that asked for JSON would
 * get a page, and exit code 0.
 *
 * @throws Failure USAGE
 */
function refuseFlagsOfTopic(config: Config, argv: string[]): void {
  const [id = '', ...rest] = normalizeArgv(config, argv);
  const flag = rest.find((word) => word.startsWith('-'));
  if (flag === undefined || rest.includes('--help') || config.findCommand(id) || !config.findTopic(id)) return;
  const topic = `${config.bin} ${id.replaceAll(':', ' ')}`;
  throw new Failure('USAGE', `"${topic}" is only the beginning of a command, so ${flag} has nothing to act on.`, {
    next: `See what it goes on with: "${topic} --help".`,
  });
}

/** Settles once the reader has all that was written, however slow it is; at once where we were told to end. */
async function allWritten(): Promise<void> {
  if (isEnded()) return;
  await new Promise((resolve) => process.stdout.write('', resolve));
}

/** Commands deal with their own errors: what arrives here came before there was a command, or is oclif's way to exit. */
function endWith(error: unknown, argv: readonly string[]): void {
  const exit = (error as { oclif?: { exit?: number } }).oclif?.exit;
  if (isExit(error)) {
    process.exitCode ??= exit ?? 0;
    return;
  }
  const failure = asFailure(error);
  if (isCheck(argv)) {
    endCheck(failure, argv);
    return;
  }
  process.exitCode = exitCodeOf(failure);
  if (argv.includes('--json')) process.stdout.write(`${toJson(errorDocument(failure))}\n`);
  else reportFailure(failure, stderrColour(argv.includes('--no-color')));
}

/** A mistake in the configuration of a monitoring system must not look like a node that is lost; and it shows stdout only. */
function endCheck(failure: Failure, argv: readonly string[]): void {
  process.exitCode = PLUGIN_EXIT.UNKNOWN;
  const result = unmadeCheck(serviceOf(argv[1]), failure);
  const document = { schema: CHECK_SCHEMA, ...result };
  process.stdout.write(argv.includes('--json') ? `${toJson(document)}\n` : renderCheck(result, NO_THRESHOLDS));
}

function isExit(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIT';
}
