#!/usr/bin/env node
// `npm run demo`: a real firewall pair on this machine, real traffic through it, the five views on both routers, a
// failover, and everything taken down again. Where no pair can be brought up, the same views of a recorded one.
import { setUp } from './setup.mjs';
import { heading, paragraph } from './demo/page.mjs';

// `npm run demo | head`: nobody reads on. Leaving takes the lab down.
process.stdout.on('error', () => process.exit(0));

try {
  await setUp({ only: 'lab' });
  process.exitCode = await demo();
} catch (error) {
  process.stderr.write(`demo: ${error.message}\n`);
  process.exitCode = 1;
}

async function demo() {
  // The lab is TypeScript, and tsx came with the dependencies only now.
  const { register } = await import('tsx/esm/api');
  register();
  const { labUnavailable } = await import('../test/lab/available.ts');
  const obstacle = labUnavailable();
  heading('ctsync: connection tracking of a firewall pair');
  if (obstacle === undefined) {
    const { showLivePair } = await import('./demo/live.mjs');
    return showLivePair();
  }
  paragraph(
    `No pair can be brought up on this machine: ${obstacle}. What follows are the same views of a pair that was recorded.`,
  );
  const { showRecordedPair } = await import('./demo/recorded.mjs');
  return showRecordedPair();
}
