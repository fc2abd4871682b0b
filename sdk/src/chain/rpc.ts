import { asSkrumbleError, SkrumbleError } from "../errors/index.ts";
import { pauseBefore } from "./pauseBefore.ts";
import type { RpcEndpoint } from "./types.ts";

/** A node's refusal, such as a revert; kept because it may carry revert data. */
export class RpcError extends SkrumbleError {
  override readonly name = "RpcError";
  readonly rpcCode: number;
  readonly data: unknown;
  /** Whose relay said so, where that is known. */
  operator: string | undefined;
  /** Another one was asked before and gave no answer: it may have carried out what it was asked. */
  isAfterSilence = false;
  constructor(rpcCode: number, message: string, data: unknown) {
    super("CHAIN_REJECTED", { details: message });
    this.rpcCode = rpcCode;
    this.data = data;
  }
}

/** A failure of one that has not carried out what it was asked: it never got that, or answered that it would not. */
class NotDoneError extends Error {}

/** So many milliseconds it does nothing for this address. */
class BusyError extends NotDoneError {
  readonly wait: number;
  constructor({ headers }: Response) {
    super("too many requests");
    // Pages of other origins do not see what it says; a relay's rate leaves something after a second.
    const seconds = Number(headers.get("retry-after") ?? 1);
    this.wait = 1000 * Math.min(longestWait, seconds >= 0 ? seconds : 1);
  }
}
/** In seconds, whatever an endpoint says. */
const longestWait = 5;

/** Milliseconds, at most 5,000, until an endpoint that has had too many questions may be asked again; undefined for any other error. */
export const busyFor = (error: unknown): number | undefined => (error instanceof BusyError ? error.wait : undefined);

/** A relay whose node is away or that is too busy; another relay may know more. */
const isOutage = ({ rpcCode, data }: RpcError): boolean =>
  rpcCode === -32005 || (rpcCode === -32603 && data === undefined);

/** The code of a contract ended without a result, whichever number and words a node gives that. */
export const isRevert = ({ rpcCode, details = "" }: RpcError): boolean =>
  rpcCode === 3 ||
  /revert|vm ex(ecution|ception)|invalid opcode|bad instruction|invalid jump|out of gas|stack (under|over)flow/i.test(
    details,
  );

/** The account has not what it was to move, or to pay for that. */
export const isUnfunded = (error: unknown): error is RpcError =>
  error instanceof RpcError && /insufficient (funds|balance)|gas required exceeds/i.test(error.details ?? "");

/** What a node says to a transaction that it has already: geth, anvil, Besu. */
export const isKnown = (error: unknown): error is RpcError =>
  error instanceof RpcError && /already (known|imported)|known transaction/i.test(error.details ?? "");

/** What a node says to a transaction whose number something else has. */
export const isNumberTaken = (error: unknown): boolean =>
  isKnown(error) ||
  (error instanceof RpcError &&
    /nonce (is )?(too low|below)|old ?nonce|replace|same nonce|nonce.*already/i.test(error.details ?? ""));

/** What nodes (geth, Besu, anvil) and those before them say to a transaction that they will not have. */
const refusals =
  /underpriced|(fee|price|gas) .*(low|below|less|exceed)|intrinsic|exceeds|limit|invalid|not (supported|enabled|authori[sz]ed)|unsupported|chain ?id|too (large|distant|high|many)|(is|pool) full|upfront cost|insufficient|oversized|unauthori[sz]ed|forbidden|denied/i;
const doubts = /time[ds]? ?out|time limit|deadline|cancel|abort|upstream|gateway|connection|internal/i;

/**
 * It has for certain not been taken. Any other error may come after a node has given it to others: providers report with numbers and
 * words of their own that their node took too long.
 */
export const isTurnedDown = (error: unknown): error is RpcError => {
  if (!(error instanceof RpcError)) return false;
  if (error.rpcCode === -32601 || isNumberTaken(error) || isRefusal(error)) return true;
  const { details = "" } = error;
  return refusals.test(details) && !doubts.test(details);
};

/** One that was asked gave no answer: it may have carried out what it was asked. */
export const isAfterSilence = (error: unknown): boolean =>
  (error as { isAfterSilence?: unknown } | undefined)?.isAfterSilence === true;

const isForgotten = ({ details = "" }: RpcError): boolean =>
  /missing trie node|histor|prun|archive|state .*(not|un)available|(header|block) not found|unknown block/i.test(
    details,
  );

/** The chain would not carry this out; not that a node would not say. */
export const isRefusal = (error: unknown): error is RpcError =>
  error instanceof RpcError && (isRevert(error) || isUnfunded(error));

/** Nodes of others number their limits as they like (-32000, -32016, -32090): what is not known to be a word about the chain is none. */
const isWord = (error: RpcError): boolean => error.rpcCode === -32601 || isForgotten(error) || isRefusal(error);

export interface Rpc {
  /**
   * Asks one relay after the other until one answers, and all again where each has failed just then, as nodes do now and then; but
   * for sending a transaction.
   * @param isLate asked right before each is: once it says so, none is asked any more. The device may have slept since the one before
   * @throws RpcError, SkrumbleError CHAIN_UNREACHABLE, ABORTED
   */
  request(method: string, params: unknown[], signal?: AbortSignal, isLate?: () => boolean): Promise<unknown>;
  /** Asks one endpoint. */
  requestAt(endpoint: RpcEndpoint, method: string, params: unknown[], signal?: AbortSignal): Promise<unknown>;
  endpoints(): RpcEndpoint[];
  /** One that was caught lying is asked last from now on, as long as the program runs. Absent where nothing is remembered. */
  distrust?(endpoint: RpcEndpoint): void;
  /** Those that follow the chain no more, as long as others do: they are asked after these. Absent where nothing is remembered. */
  putBack?(standing: readonly RpcEndpoint[]): void;
}

export interface RpcOptions {
  /** Read anew for every request; the best first. */
  endpoints: () => RpcEndpoint[];
  fetch?: typeof fetch;
  /** Per request and endpoint, in milliseconds. */
  timeout?: number;
  /** The chain that an endpoint has to be of; each is asked once, also by many at once, and the answers of another chain's count as none. */
  chainId?: number;
}

/** So often a relay is asked that is the only one: all hangs on it. */
const roundsOfOne = 4;
const roundsOfSeveral = 2;
/** Nobody is asked again once this has passed, in milliseconds: they do not fail now and then, they are away. */
const patience = 3000;
const maxAnswerBytes = 4 * 1024 * 1024;

/** JSON-RPC through relays, with fail-over. An endpoint that failed goes to the back for a while. */
export function createRpc(options: RpcOptions): Rpc {
  const timeout = options.timeout ?? 5000;
  const failures = new Map<string, number>();
  let standing = new Set<string>();
  const lateness = ({ url }: RpcEndpoint) => (failures.get(url) ?? 0) + (standing.has(url) ? 1e6 : 0);
  const asked = new Map<string, Promise<unknown>>();
  let nextId = 1;
  const isAnswer = (method: string, error: RpcError) =>
    options.chainId === undefined || method === "eth_sendRawTransaction" ? !isOutage(error) : isWord(error);

  const askAt: Rpc["requestAt"] = async (endpoint, method, params, signal) => {
    const limit = AbortSignal.timeout(timeout);
    const run = options.fetch ?? fetch;
    const id = nextId++;
    const response = await run(endpoint.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id, method, params }),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    const text = await response.text();
    if (response.status === 429) throw new BusyError(response);
    if (text.length > maxAnswerBytes) throw new Error("answer too large");
    const answer = parseAnswer(text, id);
    const isTurnedAway = response.status >= 400 && response.status < 500;
    if (!answer) throw new (isTurnedAway ? NotDoneError : Error)(`no JSON-RPC answer (HTTP ${response.status})`);
    if ("result" in answer) return answer.result;
    const { error } = answer;
    if (response.ok && isAnswer(method, error)) throw error;
    // Whoever was busy has not begun. Else a node may have got it, whose answer did not come back.
    throw new (error.rpcCode === -32005 || isTurnedAway || isTurnedDown(error) ? NotDoneError : Error)(error.message);
  };

  /** Whoever asks meanwhile waits for the same answer: nobody's giving up ends it. */
  const chainOf = (endpoint: RpcEndpoint): Promise<unknown> => {
    const before = asked.get(endpoint.url);
    if (before) return before;
    const said = askAt(endpoint, "eth_chainId", []).catch((cause) => {
      asked.delete(endpoint.url);
      throw new NotDoneError("no answer which chain it is", { cause });
    });
    asked.set(endpoint.url, said);
    return said;
  };

  const requestAt = async (
    endpoint: RpcEndpoint,
    method: string,
    params: unknown[],
    signal?: AbortSignal,
    isLate?: () => boolean,
  ): Promise<unknown> => {
    if (options.chainId !== undefined && Number(await chainOf(endpoint)) !== options.chainId)
      throw new NotDoneError("a node of another chain");
    signal?.throwIfAborted();
    if (isLate?.()) throw new NotDoneError("too late");
    return askAt(endpoint, method, params, signal);
  };

  return {
    requestAt,
    endpoints: options.endpoints,
    distrust: ({ url }) => void failures.set(url, Number.POSITIVE_INFINITY),
    putBack(endpoints) {
      standing = new Set(endpoints.map(({ url }) => url));
    },
    async request(method, params, signal, isLate) {
      const end = Date.now() + patience;
      let last: unknown;
      let isAfterSilence = false;
      for (let round = 0, rounds = 1; round < rounds && Date.now() <= end; round++) {
        await pauseBefore(round);
        const order = options.endpoints().toSorted((a, b) => byLateness(lateness(a), lateness(b)));
        // What moves something is sent again only by whoever knows that it still may be.
        if (method !== "eth_sendRawTransaction") rounds = order.length > 1 ? roundsOfSeveral : roundsOfOne;
        for (const endpoint of order) {
          if (signal?.aborted) throw new SkrumbleError("ABORTED");
          if (isLate?.()) break;
          try {
            const result = await requestAt(endpoint, method, params, signal, isLate);
            if (failures.get(endpoint.url) !== Number.POSITIVE_INFINITY) failures.delete(endpoint.url);
            return result;
          } catch (error) {
            if (error instanceof RpcError) throw Object.assign(error, { operator: endpoint.operator, isAfterSilence });
            isAfterSilence ||= !(error instanceof NotDoneError);
            failures.set(endpoint.url, (failures.get(endpoint.url) ?? 0) + 1);
            last = error;
          }
        }
      }
      if (signal?.aborted) throw new SkrumbleError("ABORTED");
      throw Object.assign(asSkrumbleError(last, "CHAIN_UNREACHABLE"), { isAfterSilence });
    },
  };
}

/** Infinity less Infinity is no order. */
const byLateness = (a: number, b: number): number => (a === b ? 0 : a - b);

/** Undefined for what is none, or one to another question: something between here and the node may mix them up. */
function parseAnswer(text: string, id: number): { result: unknown } | { error: RpcError } | undefined {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null) return undefined;
    const answered = "id" in json ? json.id : null;
    // Errors have none, where the question could not be read.
    if (answered !== id && !(answered === null && "error" in json)) return undefined;
    if ("error" in json && typeof json.error === "object" && json.error !== null) {
      const { code, message, data } = json.error as { code?: unknown; message?: unknown; data?: unknown };
      return { error: new RpcError(Number(code ?? -32603), String(message ?? "").slice(0, 500), data) };
    }
    return "result" in json ? { result: json.result } : undefined;
  } catch {
    return undefined;
  }
}
