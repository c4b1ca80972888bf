// Brings a lab up, prints its id, and holds it until a signal ends the process: what the lab's own tests interrupt.
import { Lab } from './lab.js';

const lab = new Lab({ keepalived: false });
process.stdout.write(`${lab.id}\n`);
await lab.start();
process.stdout.write('up\n');
// Bounded, so that a test which died can't leave it behind for ever.
setTimeout(() => void lab.stop(), 120_000);
