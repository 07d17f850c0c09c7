/** One line of the product made wrong, for as long as a process runs. */
export interface Fault {
  readonly name: string;
  /** From the project's folder. */
  readonly file: string;
  /** Must occur exactly once. */
  readonly from: string;
  readonly to: string;
}
