import type { Core } from "../../src/client/core.ts";
import { sendContent } from "../../src/conversation/send/sendContent.ts";

/** A plain text, as people send them. */
export const sendText = (core: Core, id: string, text: string) => sendContent(core, id, { kind: "text", text });
