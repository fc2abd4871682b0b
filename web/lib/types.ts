/** The SDK's public types; its code is loaded only when a person comes in. */
export type * from "@skrumble/sdk";
