import { expect } from 'chai';
import { Failure, type FailureReport } from '../../src/model/failure.js';
import type { Outcome } from '../lab/run.js';
import { documentOf } from './documents.js';

/** The exit code of a command that has no answer. */
export const FAILED = 1;
export const USAGE = 2;

/** Runs a command line with more flags behind it. */
export type Runner = (...flags: string[]) => Promise<Outcome>;

/**
 * That a command has no answer but this failure: as sentences on stderr with nothing on stdout, and with --json as one
 * valid document on stdout with nothing on stderr.
 */
export async function expectFailure(runner: Runner, failure: FailureReport, exitCode = FAILED): Promise<void> {
  const [asText, asJson] = await Promise.all([runner(), runner('--json')]);
  expect(asText).to.deep.equal({ stdout: '', stderr: sentences(failure), code: exitCode, signal: null });
  expect(asJson.stderr).to.equal('');
  expect(documentOf(asJson.stdout)).to.deep.equal({ schema: 'ctsync/error/1', complete: false, error: failure });
  expect(asJson).to.include({ code: exitCode, signal: null });
}

/** A failure as it stands on stderr. */
export function sentences({ code, message, tool_says, next }: FailureReport): string {
  const says = tool_says === undefined ? '' : `  it says: ${tool_says}\n`;
  return `Error: ${message} [${code}]\n${says}${next === undefined ? '' : `  next:    ${next}\n`}`;
}

/** The failure that a function throws. */
export function failureOf(run: () => unknown): Failure {
  try {
    run();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** The code of the failure by which a command with `--json` ended, and its exit code. */
export async function failureBy(run: Promise<Outcome>): Promise<{ code: string | undefined; exit: number | null }> {
  const { stdout, code } = await run;
  return { code: documentOf(stdout).error?.code, exit: code };
}
