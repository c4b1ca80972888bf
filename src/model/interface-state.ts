/** Whether an interface of the host is up. */
export interface InterfaceState {
  name: string;
  /** Whether it was set up by whoever looks after the host. */
  up: boolean;
  /** What the kernel makes of it, as printed: `UP`, `DOWN`, `LOWERLAYERDOWN`, `UNKNOWN` … */
  operstate: string;
}
