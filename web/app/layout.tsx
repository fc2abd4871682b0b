import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { bootScript } from "../lib/boot.ts";
import en from "../messages/en.json" with { type: "json" };
import "./globals.css";
import { Providers } from "./providers.tsx";

export const metadata: Metadata = {
  title: "Skrumble",
  description: en.meta.tagline,
  manifest: "/manifest.webmanifest",
  applicationName: "Skrumble",
  appleWebApp: { capable: true, title: "Skrumble", statusBarStyle: "default" },
  icons: { icon: [{ url: "/icons/icon.svg", type: "image/svg+xml" }], apple: "/icons/icon-180.png" },
  referrer: "no-referrer",
  formatDetection: { telephone: false, email: false, address: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  interactiveWidget: "resizes-content",
  themeColor: "#fbfaf7",
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: static text of our own, needed before the first paint */}
        <script dangerouslySetInnerHTML={{ __html: bootScript }} />
      </head>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
