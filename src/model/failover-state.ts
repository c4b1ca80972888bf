/** States of VRRP that a failover hook records; `UNKNOWN` is what VyOS's hook writes when it was called wrongly. */
export type FailoverStateName = 'MASTER' | 'BACKUP' | 'FAULT' | 'STOP' | 'DELETED' | 'UNKNOWN';

/** The last transition, as the failover hook recorded it. */
export interface FailoverState {
  state: FailoverStateName;
  /**
   * When, as RFC 3339 in UTC with milliseconds. Absent where the record does not say it beyond doubt: the name of a zone
   * such as `EET` or `IST` does not.
   * @format date-time
   */
  at?: string;
  /** When, as written. */
  at_text: string;
}
