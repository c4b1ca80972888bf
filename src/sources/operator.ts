import { HERE } from './here.js';

/** Who does something: the user, and who that one was before sudo. */
export function operatorName(): string {
  const before = process.env['SUDO_USER']?.replace(/[^\w.@-]/g, '_');
  return before ? `${HERE.userName} (${before})` : HERE.userName;
}
