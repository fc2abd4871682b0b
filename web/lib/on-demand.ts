"use client";
import { type ComponentType, createElement, type ReactNode, useEffect, useReducer } from "react";

/** Where the code did not come, it is asked for again. */
const againMs = 2_000;

/** A component whose code comes when it is first shown. */
export interface OnDemand<P extends object> {
  (props: P): ReactNode;
  /** Brings the code before it is needed; never fails. */
  preload(): void;
}

/**
 * In place of `React.lazy` in a `Suspense`: React keeps back for 300 ms what comes after a fallback was shown, however
 * soon it is there, and takes one failed download for final. `fallback` stands there until the code has come.
 */
export function onDemand<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  fallback: ReactNode = null,
): OnDemand<P> {
  const source = new Source(load);
  return Object.assign((props: P) => createElement(Waiting<P>, { source, props, fallback }), {
    preload: () => void source.bring().catch(() => undefined),
  });
}

class Source<P extends object> {
  component: ComponentType<P> | undefined;
  private coming: Promise<void> | undefined;
  private readonly load: () => Promise<{ default: ComponentType<P> }>;

  constructor(load: () => Promise<{ default: ComponentType<P> }>) {
    this.load = load;
  }

  /** One download at a time, and one that succeeds. */
  bring(): Promise<void> {
    this.coming ??= this.load().then(
      (module) => {
        this.component = module.default;
      },
      (error) => {
        this.coming = undefined;
        throw error;
      },
    );
    return this.coming;
  }
}

interface WaitingProps<P extends object> {
  source: Source<P>;
  props: P;
  fallback: ReactNode;
}

function Waiting<P extends object>({ source, props, fallback }: WaitingProps<P>) {
  const [, show] = useReducer((times: number) => times + 1, 0);
  useEffect(() => {
    if (source.component) return;
    let again: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const ask = () => {
      source.bring().then(
        () => gone || show(),
        () => {
          if (!gone) again = setTimeout(ask, againMs);
        },
      );
    };
    ask();
    return () => {
      gone = true;
      clearTimeout(again);
    };
  }, [source]);
  return source.component ? createElement(source.component, props) : fallback;
}
