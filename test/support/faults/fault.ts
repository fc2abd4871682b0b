/** One JSON-RPC request to a node. */
export interface RpcCall {
  id: unknown;
  method: string;
  params: unknown[];
}

/** What a node says to it. */
export type Outcome = { result: unknown } | { error: { code: number; message: string; data?: unknown } };

export type RpcAnswer = { jsonrpc: "2.0"; id: unknown } & Outcome;

/** An HTTP answer; "cut" ends the connection without one. */
export type Delivery = { status: number; body: string } | "cut";

export type Ask = (method: string, params: unknown[]) => Promise<Outcome>;

/**
 * Something that goes wrong at a node, or on the way to it. A hook that lets something pass gives back the very thing it
 * was given, or undefined: what is new counts as a hit.
 */
export interface Fault {
  /** Before the node hears of it: whether the whole request gets a 503. */
  refuses?(calls: readonly RpcCall[]): boolean;
  /** Answers in the node's place. */
  instead?(call: RpcCall, ask: Ask): Promise<Outcome | undefined>;
  /** Changes what the node answered. */
  change?(call: RpcCall, outcome: Outcome, ask: Ask): Outcome | Promise<Outcome>;
  /** Changes all answers to one HTTP request together: their order, their ids, when they come. */
  arrange?(answers: readonly RpcAnswer[]): readonly RpcAnswer[] | Promise<readonly RpcAnswer[]>;
  /** Changes what is sent. */
  deliver?(delivery: Delivery, calls: readonly RpcCall[]): Delivery;
}

/** The result, when it is one. */
export const resultOf = (outcome: Outcome): unknown => ("result" in outcome ? outcome.result : undefined);

/** True for every n-th time that it is asked, the first one not included: whoever asks again gets through. */
export function everyNth(n: number): () => boolean {
  let count = 0;
  return () => ++count % n === 0;
}
