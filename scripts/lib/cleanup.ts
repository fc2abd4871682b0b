/** Things to end when a program ends: last started, first ended. */
export class Cleanup {
  #ends: (() => Promise<void>)[] = [];
  #done = false;

  /** Remembers how to end something; when the end has already come, that happens now. */
  async add(end: () => Promise<void>): Promise<void> {
    if (this.#done) await end();
    else this.#ends.push(end);
  }

  async run(): Promise<void> {
    this.#done = true;
    for (const end of this.#ends.splice(0).reverse()) await end();
  }
}
