/** A process as `/proc/PID/stat` shows it. */
export interface ProcessStatus {
  /** @asType integer */
  pid: number;
  /** Name of the program, cut to 15 bytes by the kernel. */
  name: string;
  /** One letter: `R`, `S`, `D`, `Z`, `T` … */
  state: string;
  /**
   * Clock ticks from the start of the machine to that of the process.
   * @asType integer
   */
  start_ticks: number;
}

/** A UNIX socket as `/proc/net/unix` shows it. */
export interface UnixSocket {
  /** @asType integer */
  inode: number;
  /** Path it is bound to, with `@` before an abstract name; absent where it is not bound. */
  path?: string;
  /** Whether connections can be made to it. */
  listening: boolean;
  /** Whether it is the end of a connection. */
  connected: boolean;
}
