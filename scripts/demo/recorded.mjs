import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../setup/process.mjs';
import { heading, paragraph, typed } from './page.mjs';
import { AFTER_FAILOVER, VIEWS } from './views.mjs';

/** Shows examples/pair, which record-examples.mjs made. Returns the exit code: 0 if every command answered. */
export function showRecordedPair() {
  const failures = [];
  for (const router of ['r1', 'r2']) {
    heading(`The views on ${router}, the ${router === 'r1' ? 'master' : 'backup'}`);
    for (const recorded of VIEWS) failures.push(...view(router, recorded));
  }
  heading('After a failover');
  paragraph("r1's LAN cable had been pulled, and r2 had taken over.");
  for (const router of ['r1', 'r2']) failures.push(...view(router, AFTER_FAILOVER));
  paragraph('As root on Debian, `npm run demo` brings such a pair up and shows it live.');
  for (const failure of failures) process.stderr.write(`demo: ${failure}\n`);
  return failures.length === 0 ? 0 : 1;
}

function view(router, { command, file }) {
  const path = `examples/pair/${router}/${file}`;
  typed('here', `ctsync ${command} --from ${path}`);
  const args = [join(ROOT, 'bin/run.js'), ...command.split(' '), '--from', path];
  const { NODE_EXTRA_CA_CERTS: _slow, ...env } = process.env;
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit', timeout: 30_000 });
  return status === 0 ? [] : [`ctsync ${command} --from ${path} ended with exit code ${status}`];
}
