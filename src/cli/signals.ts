import { EXIT } from './exit-codes.js';

/** timeout(1) and npm signal a process and its group: the same signal twice, which is meant once. */
const ECHO_MS = 200;

/** Calls back on SIGINT, on SIGTERM, and on SIGHUP when the terminal is gone, with the exit code that each asks for. The same one within 0.2 s is an echo, and not told. */
export function onSignals(heard: (exitCode: number) => void): void {
  const hearOnce = (exitCode: number): (() => void) => {
    let last = -Infinity;
    return () => {
      const now = performance.now();
      if (now - last < ECHO_MS) return;
      last = now;
      heard(exitCode);
    };
  };
  process.on('SIGINT', hearOnce(EXIT.interrupted));
  process.on('SIGTERM', hearOnce(EXIT.terminated));
  process.on('SIGHUP', hearOnce(EXIT.hungUp));
}
