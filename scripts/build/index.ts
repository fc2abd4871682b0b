import { relative } from "node:path";
import { compileContracts } from "../codegen/compile.ts";
import { writeGenerated } from "../codegen/write.ts";
import { root } from "../lib/paths.ts";
import { runVerb, say } from "../lib/say.ts";
import { buildSdk } from "./buildSdk.ts";
import { buildWeb } from "./buildWeb.ts";

/** `npm run build`: contracts, generated code, the SDK as published, the dApp. */
await runVerb(async () => {
  await compileContracts();
  say.step("Contracts are compiled");
  const written = writeGenerated(root);
  say.step(written.length > 0 ? `sdk/src/generated: wrote ${written.join(", ")}` : "sdk/src/generated is up to date");
  say.step(`The SDK is in ${relative(root, await buildSdk())}/`);
  say.step(`The dApp is in ${relative(root, (await buildWeb(say)).folder)}/`);
  return 0;
});
