// Debian's packages start and enable their services when they are installed; on somebody's machine they must not. What
// is needed to put everything back is written down before the first change, so that a later set-up can do it if this one
// is killed.
import { linkSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { captured } from './process.mjs';

/** Which packages are being installed and which units were enabled before, as JSON; there only while that goes on. */
export const STATE = '/var/lib/ctsync-setup.json';

/** invoke-rc.d and deb-systemd-invoke ask this program whether a service may be started: exit status 101 is a no. */
const POLICY = '/usr/sbin/policy-rc.d';
const SAVED = '/usr/sbin/policy-rc.d.before-ctsync';
const MARK = '# Put here by the set-up of ctsync while it installs packages; removed when it is done.';

/** Whether an earlier set-up was ended before it could put things back. */
export function hasLeftovers() {
  return state() !== undefined || isOurs(POLICY) || exists(SAVED);
}

/** The packages that an earlier, interrupted set-up was about to install. */
export function unfinishedPackages() {
  return state()?.packages ?? [];
}

/**
 * From here to {@link allowServices} no service is started by any package. May be called again with more packages.
 * @param {string[]} packages the packages that are about to be installed
 */
export function forbidServices(packages) {
  const earlier = state();
  const noted = {
    packages: [...new Set([...(earlier?.packages ?? []), ...packages])],
    enabled: earlier?.enabled ?? enabledLinks(),
  };
  writeWhole(STATE, `${JSON.stringify(noted)}\n`, 0o600);
  putBackPolicy();
  if (exists(POLICY)) linkSync(POLICY, SAVED);
  writeWhole(POLICY, `#!/bin/sh\n${MARK}\nexit 101\n`, 0o755);
}

/** Disables what the packages have enabled, puts the policy back, and forgets. */
export function allowServices() {
  const noted = state();
  if (noted !== undefined) disableNewOnes(noted);
  putBackPolicy();
  rmSync(STATE, { force: true });
}

/** The saved one may be a second name of the very file in place: rename(2) then does nothing and leaves both names. */
function putBackPolicy() {
  if (exists(SAVED)) {
    if (isOurs(POLICY) || !exists(POLICY)) renameSync(SAVED, POLICY);
    rmSync(SAVED, { force: true });
  } else if (isOurs(POLICY)) {
    rmSync(POLICY);
  }
}

function disableNewOnes({ packages, enabled }) {
  const files = packages.flatMap((name) => captured(['dpkg-query', '--listfiles', name]).stdout.split('\n'));
  const names = (pattern) => new Set(files.filter((file) => pattern.test(file)).map((file) => basename(file)));
  const units = names(/\/systemd\/system\/[^/]+\.\w+$/);
  const scripts = names(/^\/etc\/init\.d\//);
  for (const link of enabledLinks().filter((link) => !enabled.includes(link))) {
    const name = basename(link);
    if (units.has(name)) rmSync(link, { force: true });
    else if (scripts.has(name.slice(3))) captured(['update-rc.d', name.slice(3), 'disable']);
  }
  if (list('/run/systemd/system').length > 0) captured(['systemctl', 'daemon-reload']);
}

/**
 * Every link that makes systemd (`multi-user.target.wants/NAME.service`) or the classic init (`rc2.d/S01NAME`) start
 * something. Read from the file system, because systemd may not run.
 */
function enabledLinks() {
  return [...linksIn('/etc/systemd/system', /\.(wants|requires)$/, /./), ...linksIn('/etc', /^rc[\dS]\.d$/, /^S\d\d/)];
}

function linksIn(parent, folder, link) {
  return list(parent)
    .filter((name) => folder.test(name))
    .flatMap((name) =>
      list(join(parent, name))
        .filter((entry) => link.test(entry))
        .map((entry) => join(parent, name, entry)),
    );
}

function state() {
  try {
    return JSON.parse(readFileSync(STATE, 'utf8'));
  } catch {
    return undefined;
  }
}

function isOurs(path) {
  try {
    return readFileSync(path, 'utf8').includes(MARK);
  } catch {
    return false;
  }
}

function exists(path) {
  try {
    readlinkSync(path);
    return true;
  } catch (error) {
    // EINVAL: it is there and not a symbolic link.
    return error.code === 'EINVAL';
  }
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function writeWhole(path, text, mode) {
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, text, { mode, flag: 'wx' });
  renameSync(fresh, path);
}
