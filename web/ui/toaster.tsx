"use client";
import { Toaster as Sonner } from "sonner";
import "sonner/dist/styles.css";

/** Short words about what just happened; never the only place where an error is told. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-center"
      offset={{ bottom: 24 }}
      mobileOffset={{ bottom: "calc(4.75rem + var(--safe-bottom))" }}
      visibleToasts={3}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-center gap-3 rounded-md bg-ink px-4 py-3 text-15 text-paper shadow-float wide:w-[356px]",
          description: "text-13 opacity-80",
          actionButton:
            "ml-auto shrink-0 rounded-sm px-2 py-1 text-13 font-semibold text-paper underline underline-offset-4",
          content: "min-w-0 flex-1",
        },
      }}
    />
  );
}
