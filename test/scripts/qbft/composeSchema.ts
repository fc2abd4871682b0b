import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod/v4";

/**
 * As much of the Compose specification (https://github.com/compose-spec/compose-spec, `schema/compose-spec.json`) as our files use:
 * every key that we write, with the type that it has there, and no other key. A key that Compose does not know, or that stands in
 * the wrong place, is refused by `docker compose` when an operator starts the chain; here it is refused before.
 */
const duration = z.string().regex(/^(\d+(us|ms|s|m|h))+$/);
const port = "([1-9]\\d{0,4})";
const address = "\\d{1,3}(\\.\\d{1,3}){3}";

const service = z.strictObject({
  image: z.string().regex(/^[a-z0-9./-]+:[\w.-]+$/),
  command: z.array(z.string().min(1)).min(1),
  environment: z.strictObject({ BESU_OPTS: z.string() }),
  /** Short syntax: HOST:CONTAINER, or with its mode. */
  volumes: z.array(z.string().regex(/^\.\/[\w./-]+:\/[\w./-]+(:(ro|rw))?$/)).min(1),
  networks: z.strictObject({ qbft: z.strictObject({ ipv4_address: z.ipv4() }) }),
  /** Short syntax. The address is optional there; without one a port would be open to the world, so that it is not here. */
  ports: z.array(z.string().regex(new RegExp(`^${address}:${port}:${port}$`))).min(1),
  mem_limit: z.string().regex(/^\d+(b|k|kb|m|mb|g|gb)$/),
  restart: z.enum(["no", "always", "on-failure", "unless-stopped"]),
  stop_grace_period: duration,
  healthcheck: z.strictObject({
    test: z.tuple([z.enum(["CMD", "CMD-SHELL"])], z.string()),
    interval: duration,
    timeout: duration,
    retries: z.int().positive(),
    start_period: duration,
  }),
  logging: z.strictObject({
    driver: z.literal("json-file"),
    options: z.strictObject({ "max-size": z.string().regex(/^\d+[kmg]$/), "max-file": z.string().regex(/^\d+$/) }),
  }),
});

const schema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
  services: z.record(z.string().regex(/^[\w.-]+$/), service),
  networks: z.strictObject({
    qbft: z.strictObject({
      driver: z.literal("bridge"),
      ipam: z.strictObject({ config: z.array(z.strictObject({ subnet: z.cidrv4() })).min(1) }),
    }),
  }),
});

type Compose = z.infer<typeof schema>;

/** @throws where it is no YAML, or not what Compose takes */
export const parseCompose = (text: string): Compose => schema.parse(parse(text));

/** The file of a folder that holds a network. */
export const readCompose = (folder: string): Compose =>
  parseCompose(readFileSync(join(folder, "compose.yaml"), "utf8"));
