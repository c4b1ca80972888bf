/** An address that an interface of the host has now. */
export interface InterfaceAddress {
  /** Interface name. */
  interface: string;
  family: 'ipv4' | 'ipv6';
  /** The host's own address, in the kernel's spelling. */
  address: string;
  /**
   * @asType integer
   * @minimum 0
   * @maximum 128
   */
  prefix_length: number;
  /** `global`, `link`, `host` or `site`, or the number of another scope. */
  scope: string;
}
