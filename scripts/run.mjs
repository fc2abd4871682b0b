// The one door to every verb of package.json. It runs on whatever Node the machine has (20 or newer), installs
// what is missing and hands over to the Node 24 that npm brought along, which runs TypeScript as it is.
// No static imports: a Node too old for them must still get as far as the sentence below.
const [major, minor] = process.versions.node.split(".").map(Number);
const [verb, ...args] = process.argv.slice(2);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Skrumble needs Node 20.19 or newer; this is ${process.version}.`);
  console.error("Install a current version from https://nodejs.org and run the same command again.");
  process.exitCode = 1;
} else {
  import("./install/handOver.mjs")
    .then((module) => module.handOver(verb, args))
    .catch((error) => {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    });
}
