import { root } from "../lib/paths.ts";
import { runVerb, say } from "../lib/say.ts";
import { compileContracts } from "./compile.ts";
import { writeGenerated } from "./write.ts";

/** Compiles the contracts and writes sdk/src/generated. */
await runVerb(async () => {
  await compileContracts();
  const written = writeGenerated(root);
  say.step(written.length > 0 ? `sdk/src/generated: wrote ${written.join(", ")}` : "sdk/src/generated is up to date");
  return 0;
});
