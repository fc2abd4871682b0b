"use client";
import { ApprovePage } from "../../../features/devices/approve-page.tsx";

export default function Page() {
  return <ApprovePage />;
}
