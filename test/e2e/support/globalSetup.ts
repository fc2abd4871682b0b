import { buildWeb } from "../../../scripts/build/buildWeb.ts";
import { compileContracts } from "../../../scripts/codegen/compile.ts";

/** Compiles and builds once, before any test's clock runs. */
export default async function prepare(): Promise<void> {
  await compileContracts();
  await buildWeb();
}
