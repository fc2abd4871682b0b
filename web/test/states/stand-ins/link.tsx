import type { ComponentProps } from "react";

/** In place of Next's, which needs its server or export around it. */
export default function Link(props: ComponentProps<"a">) {
  return <a {...props} />;
}
