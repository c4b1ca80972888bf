import { readArchive } from './archive.js';

/** Every log that conntrackd 1.4.7 wrote in the captured pairs, by the name of its file. */
export const capturedLogs = readArchive(new URL('../fixtures/conntrackd-1.4.7/logs.archive', import.meta.url));

/** All their lines, each once. */
export const capturedLines = [
  ...new Set([...capturedLogs.values()].flatMap((bytes) => bytes.toString('latin1').split('\n'))),
].filter((line) => line !== '');
