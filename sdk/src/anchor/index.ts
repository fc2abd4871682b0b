export { type CertifyInput, type Certifying, certify } from "./certify.ts";
export { checkProof } from "./checkProof.ts";
export { startLeaf } from "./leaf.ts";
