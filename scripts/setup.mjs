#!/usr/bin/env node
// Makes a fresh clone ready: dependencies, build and, as root on Debian, the tools of the lab. Needs nothing but Node's
// own modules, because it runs before `npm ci`. Safe to repeat, to interrupt and to run twice at once.
import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LAB_TOOLS, missingOf, TEST_TOOLS } from './setup/tools.mjs';
import { hasLeftovers, STATE } from './setup/no-services.mjs';
import { projectNeeds } from './setup/project.mjs';
import { captured, locked } from './setup/process.mjs';

/**
 * @param {object} [options]
 * @param {boolean} [options.quiet] say only what went wrong
 * @param {'lab'} [options.only] leave out the tools that only the tests need
 * @returns {Promise<{ missing: string[] }>} the Debian packages that are still missing, none if all is there
 * @throws if the dependencies can't be installed or the build fails
 */
export async function setUp({ quiet = false, only } = {}) {
  const say = quiet ? () => {} : (text) => process.stderr.write(`set-up: ${text}\n`);
  await project(say, quiet);
  const wanted = only === 'lab' ? LAB_TOOLS : { ...LAB_TOOLS, ...TEST_TOOLS };
  return { missing: await tools(wanted, say, quiet) };
}

async function project(say, quiet) {
  const needs = projectNeeds();
  if (needs.length === 0) return;
  say(needs.join('; '));
  await locked('package-lock.json', script('project'), [], { quiet });
}

async function tools(wanted, say, quiet) {
  const missing = missingOf(wanted);
  const tidy = process.getuid?.() === 0 && hasLeftovers();
  if (missing.length === 0 && !tidy) return [];
  const obstacle = whyNotInstall();
  if (obstacle !== undefined) {
    say(`${missing.join(', ')} not installed, and ${obstacle}: what needs it is left out`);
    return missing;
  }
  if (tidy) say(`an earlier set-up was interrupted (${STATE}): finishing it`);
  if (missing.length > 0) {
    say(
      `installing ${missing.join(', ')} with apt-get: the lab runs a real firewall pair in network namespaces ` +
        'and needs these tools. No service is started or left enabled',
    );
  }
  // The lock is on dpkg's own folder, so that it holds for every clone on this machine.
  // A failure has been told by then; what is missing shows below.
  await locked('/var/lib/dpkg', script('packages'), missing, { quiet }).catch(() => undefined);
  return missingOf(wanted);
}

function whyNotInstall() {
  if (process.platform !== 'linux') return `this is ${process.platform}, not Linux`;
  if (process.getuid() !== 0) return 'this is not root';
  if (!existsSync('/var/lib/dpkg') || captured(['apt-get', '--version']).code !== 0) return 'there is no apt-get here';
  return undefined;
}

function script(name) {
  return fileURLToPath(new URL(`./setup/${name}.mjs`, import.meta.url));
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await setUp({ quiet: process.argv.includes('--quiet') }).catch((error) => {
    process.stderr.write(`set-up: ${error.message}\n`);
    process.exitCode = 1;
  });
}
