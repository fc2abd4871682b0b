import type { IncomingMessage, ServerResponse } from "node:http";
import { ANY_ORIGIN, respond, respondJson } from "./respond.ts";
import { sayNoShards } from "./shards.ts";

/** What each path of a relay answers with. */
export interface HttpRoutes {
  /** Body of /health and whether the relay is able to serve; figures only where the metrics may be read too. */
  health(detailed: boolean): { serving: boolean; report: Record<string, unknown> };
  /** Body of /network.json; undefined for a relay without a chain. */
  network(): Record<string, unknown> | undefined;
  mayReadMetrics(request: IncomingMessage): boolean;
  metrics: { contentType: string; text(): Promise<string> };
  rpc: { handle(request: IncomingMessage, response: ServerResponse, address: string): Promise<void> } | undefined;
  documents:
    | { handle(request: IncomingMessage, response: ServerResponse, path: string, address: string): Promise<void> }
    | undefined;
  shards:
    | { handle(request: IncomingMessage, response: ServerResponse, path: string, address: string): void }
    | undefined;
  files: { handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> } | undefined;
  addressOf(request: IncomingMessage): string;
  /** Told that something threw; never what was asked for. */
  onFailure(error: unknown): void;
}

const MAX_PATH = 2048;

export function createHttpHandler(routes: HttpRoutes) {
  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method } = request;
    const path = (request.url ?? "/").split("?", 1)[0] as string;
    if (path.length > MAX_PATH || !path.startsWith("/")) return respond(response, 400, {});
    if (method === "OPTIONS") return respond(response, 204, ANY_ORIGIN);
    if (path === "/rpc") {
      if (!routes.rpc) return respondJson(response, 404, { error: "This relay has no chain." });
      if (method !== "POST") return respond(response, 405, { Allow: "POST, OPTIONS" });
      return routes.rpc.handle(request, response, routes.addressOf(request));
    }
    if (path.startsWith("/documents/")) {
      if (!routes.documents) return respondJson(response, 404, { error: "This relay has no chain." });
      return routes.documents.handle(request, response, path, routes.addressOf(request));
    }
    if (path.startsWith("/shards/")) {
      if (!routes.shards) return sayNoShards(request, response, path);
      return routes.shards.handle(request, response, path, routes.addressOf(request));
    }
    if (method !== "GET" && method !== "HEAD") return respond(response, 405, { Allow: "GET, HEAD, OPTIONS" });
    if (path === "/health") {
      const { serving, report } = routes.health(routes.mayReadMetrics(request));
      return respondJson(response, serving ? 200 : 503, report);
    }
    if (path === "/metrics") {
      if (!routes.mayReadMetrics(request)) return respond(response, 403, {});
      const text = await routes.metrics.text();
      return respond(response, 200, { "Content-Type": routes.metrics.contentType, "Cache-Control": "no-store" }, text);
    }
    if (path === "/network.json") {
      const network = routes.network();
      return network
        ? respondJson(response, 200, network)
        : respondJson(response, 404, { error: "This relay has no chain." });
    }
    if (routes.files) return routes.files.handle(request, response, path);
    respond(response, 404, { "Content-Type": "text/plain; charset=utf-8" }, "Not found\n");
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    route(request, response).catch((error) => {
      routes.onFailure(error);
      respond(response, 500, {});
    });
  };
}
