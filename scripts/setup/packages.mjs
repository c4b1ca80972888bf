// Installs Debian packages, named as arguments, and finishes what an interrupted set-up left. Run as root by setup.mjs,
// which holds a lock around it.
import { setTimeout as sleep } from 'node:timers/promises';
import { allowServices, forbidServices, hasLeftovers, unfinishedPackages } from './no-services.mjs';
import { captured, patient } from './process.mjs';

const QUIETLY = {
  DEBIAN_FRONTEND: 'noninteractive',
  APT_LISTCHANGES_FRONTEND: 'none',
  // needrestart would restart services of the machine.
  NEEDRESTART_SUSPEND: '1',
  LC_ALL: 'C',
};
const OPTIONS = ['-y', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0'];
const INSTALL = ['install', '--no-install-recommends', '--no-remove', '-o', 'Dpkg::Options::=--force-confold'];

let interrupted = false;
let current;

// dpkg must not be torn out of its work: apt-get and what it starts are out of Ctrl-C's reach, and the signal goes to
// apt-get alone. It ends at once while it downloads; while dpkg works it does not listen, and we wait.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted = true;
    current?.kill('SIGINT');
  });
}

const wanted = [...new Set([...process.argv.slice(2), ...unfinishedPackages()])].filter((name) => !isInstalled(name));
const finishing = hasLeftovers();
let failure;
try {
  if (finishing) {
    forbidServices([]);
    await configure();
  }
  if (wanted.length > 0 && !interrupted) {
    forbidServices(await newPackages(wanted));
    failure = await install(wanted);
  }
} finally {
  allowServices();
}
if (interrupted) process.exit(130);
if (failure !== undefined) {
  process.stderr.write(`${failure}\nset-up: apt-get could not install ${wanted.join(', ')}\n`);
  process.exit(1);
}

function isInstalled(name) {
  return captured(['dpkg-query', '--show', '--showformat=${db:Status-Status}', name]).stdout === 'installed';
}

/** What apt-get would newly install, dependencies too; the package lists are brought up to date if they lack something. */
async function newPackages(names) {
  const plan = simulate(names);
  if (plan !== undefined) return plan;
  await updateLists();
  return simulate(names) ?? names;
}

function simulate(names) {
  const { code, stdout } = captured(['apt-get', ...INSTALL, '--simulate', ...names]);
  if (code !== 0) return undefined;
  // `Inst NAME (…)` is new, `Inst NAME [old version] (…)` an upgrade.
  return [...stdout.matchAll(/^Inst (\S+) \(/gm)].map(([, name]) => name);
}

/** apt-get's own words if it failed. Lists that are too old name files that are gone: they are renewed once. */
async function install(names) {
  let outcome = await apt([...INSTALL, ...names]);
  if (outcome.code !== 0 && finishing && /dpkg was interrupted/.test(outcome.output)) {
    // What the earlier set-up had started was still dying when we looked first.
    await configure();
    outcome = await apt([...INSTALL, ...names]);
  } else if (outcome.code !== 0 && !interrupted) {
    await updateLists();
    outcome = await apt([...INSTALL, ...names]);
  }
  return outcome.code === 0 ? undefined : reasonOf(outcome.output);
}

/** dpkg's own advice after it was interrupted; only for interruptions of ours. */
function configure() {
  return run(['dpkg', '--configure', '-a', '--force-confold']);
}

function reasonOf(output) {
  const reasons = output.split('\n').filter((line) => line.startsWith('E: '));
  return (reasons.length > 0 ? reasons.slice(0, 3) : output.split('\n').slice(-3)).join('\n');
}

async function updateLists() {
  if (process.env.CTSYNC_SETUP_QUIET === undefined)
    process.stderr.write('set-up: renewing the package lists (apt-get update)\n');
  await apt(['update']);
}

function apt(args) {
  return run(['apt-get', ...OPTIONS, ...args]);
}

/** DPkg::Lock::Timeout waits for apt's lock of dpkg; for dpkg's own, the lists' and the archive's we wait ourselves. */
async function run(argv) {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await patient(argv, {
      env: QUIETLY,
      apart: true,
      started: (child) => {
        current = child;
      },
    });
    const isLocked = /Could not get lock|Unable to lock|locked by another process/.test(outcome.output);
    if (outcome.code === 0 || !isLocked || interrupted || attempt === 60) return outcome;
    await sleep(5000);
  }
}
