/**
 * Whether a `Host` header names this machine: by number, as localhost, or by the name that the user had it listen on. A web site can point a name of its own at 127.0.0.1 (DNS rebinding)
 * and then read what answers there as if it were its own; it cannot make its visitors' browsers send a number or `localhost` as the host.
 */
export function isOwnHost(header: string | undefined, endpoint: string): boolean {
  if (header === undefined) return false;
  const host = /^(\[[0-9a-f:.]+\]|[^:]*)(?::\d+)?$/i.exec(header)?.[1]?.toLowerCase();
  if (host === undefined) return false;
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host.startsWith('[') ||
    IPV4.test(host) ||
    host === new URL(endpoint).hostname
  );
}

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
