/**
 * The usual name of a bundle, in this folder: `ctsync-fw1-20261126T040000Z.tar.gz`.
 *
 * @param hostName another word where the host's name is to be hidden
 */
export function bundlePath(hostName: string, at: Date): string {
  const host = (hostName.split('.')[0] ?? '').replace(/[^\w-]/g, '') || 'host';
  const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
  return `ctsync-${host}-${time}.tar.gz`;
}
