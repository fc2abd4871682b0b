"use client";
import { Chats } from "../../../features/chats/chats.tsx";

export default function Page() {
  return <Chats />;
}
