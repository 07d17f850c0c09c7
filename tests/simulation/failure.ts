/** A promise of the product that did not hold. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** Which oracle says so. */
  readonly oracle: string;

  constructor(oracle: string, reason: string) {
    super(`${oracle}: ${reason}`);
    this.oracle = oracle;
  }
}
