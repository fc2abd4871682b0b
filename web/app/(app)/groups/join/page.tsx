"use client";
import { JoinPage } from "../../../../features/groups/join-page.tsx";

export default function Page() {
  return <JoinPage />;
}
