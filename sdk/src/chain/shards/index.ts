export { depthFor } from "./cutShards.ts";
export { type Leaf, rangeOf } from "./leaves.ts";
export { encodeManifest, type Manifest, manifestRoot, openManifest, shardPeriod } from "./manifest.ts";
export { encodeShard, maxShardBytes, openShard } from "./shard.ts";
export { type Touched, touchedSlots } from "./touchedSlots.ts";
export { branchHash, extensionHash, trieRoot } from "./trieRoot.ts";
