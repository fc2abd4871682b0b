import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Addresses under which others may reach this machine, by IPv4 and by IPv6: a port may be open by one of them alone. */
export const outsideAddresses = (interfaces: Interfaces = networkInterfaces(), platform = process.platform): string[] =>
  Object.entries(interfaces).flatMap(([name, infos = []]) =>
    infos
      .filter(({ internal }) => !internal)
      .map((info) => {
        if (info.family !== "IPv6" || !/^fe[89ab]/i.test(info.address)) return info.address;
        // What is of a link leads nowhere without it. Windows numbers links, others name them.
        return `${info.address}%${platform === "win32" ? info.scopeid : name}`;
      }),
  );
