/** How the nodes of a network are run. Chain data stays in the network's folder in every case. */
export interface Runtime {
  /** Throws a Refusal when nodes cannot be run this way on this machine. */
  ready(): Promise<void>;
  /** Starts every node that does not run. */
  start(): Promise<void>;
  /** Stops every node and waits until it has written its data. */
  stop(): Promise<void>;
  /** Prints the last lines of one node's log, or of all. */
  logs(node: string | undefined, lines: number): Promise<void>;
  /** Why the network cannot come up any more, once that is certain. */
  failure(): string | undefined;
}
