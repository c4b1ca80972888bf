import type { RenderSurroundings } from '../../src/config/render/surroundings.js';

/** A machine with eth0, eth3 and their addresses. */
export const SURROUNDINGS: RenderSurroundings = {
  hashSize: 65536,
  tableLimit: 262144,
  socket: '/var/run/conntrackd.sock',
  lock: '/var/lock/conntrackd.lock',
  addresses: [
    { interface: 'lo', family: 'ipv4', address: '127.0.0.1', prefix_length: 8, scope: 'host' },
    { interface: 'eth0', family: 'ipv4', address: '10.255.254.2', prefix_length: 24, scope: 'global' },
    { interface: 'eth0', family: 'ipv6', address: 'fd00::2', prefix_length: 64, scope: 'global' },
    { interface: 'eth3', family: 'ipv4', address: '10.255.253.2', prefix_length: 24, scope: 'global' },
  ],
};
