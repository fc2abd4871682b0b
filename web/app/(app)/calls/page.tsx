"use client";
import { Calls } from "../../../features/calls/calls.tsx";

export default function Page() {
  return <Calls />;
}
