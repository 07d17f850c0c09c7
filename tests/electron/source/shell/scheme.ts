/**
 * Custom schemes live on https origins of their own, so that they are standard and secure to Chromium:
 * `soan://desk/x` is `https://desk.soan.stand-in.invalid/x` on the wire. `.invalid` never resolves.
 */

const suffix = 'stand-in.invalid';

export interface Privileges {
  standard?: boolean;
  secure?: boolean;
  bypassCSP?: boolean;
  allowServiceWorkers?: boolean;
  supportFetchAPI?: boolean;
  corsEnabled?: boolean;
  stream?: boolean;
  codeCache?: boolean;
}

export const privileged = new Map<string, Privileges>();

/** `https://host.scheme.stand-in.invalid/…` for a URL of a privileged scheme; other URLs as they are. */
export function toWire(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(url);
  const scheme = match?.[1]?.toLowerCase();
  if (!match || !scheme || !privileged.has(scheme)) return url;
  const rest = match[3] ?? '';
  return `https://${(match[2] ?? '').toLowerCase()}.${scheme}.${suffix}${rest.startsWith('/') ? rest : `/${rest}`}`;
}

/** The inverse of {@link toWire}. */
export function fromWire(url: string): string {
  const match = /^https:\/\/(.*)\.([a-z][a-z0-9+-]*)\.stand-in\.invalid(?=$|[/?#])(.*)$/is.exec(url);
  if (!match?.[2] || !privileged.has(match[2])) return url;
  return `${match[2]}://${match[1] ?? ''}${match[3] ?? ''}`;
}

/** A content security policy may name the scheme: `soan:` becomes its wire origins. */
export function policyToWire(policy: string): string {
  return policy.replace(
    /(^|\s)([a-z][a-z0-9+-]*):(\/\/([^\s;]+))?(?=$|[\s;,])/gi,
    (all, before: string, name: string, _rest, host) => {
      if (!privileged.has(name.toLowerCase())) return all as string;
      return `${before}https://${(host as string | undefined) ?? '*'}.${name.toLowerCase()}.${suffix}`;
    },
  );
}

export function schemeOf(url: string): string {
  return url.slice(0, Math.max(0, url.indexOf(':'))).toLowerCase();
}

/** `soan://desk`, or what the URL standard says for other schemes. */
export function originOf(url: string): string {
  if (!privileged.has(schemeOf(url))) {
    try {
      return new URL(url).origin;
    } catch {
      return 'null';
    }
  }
  return /^[^:]+:\/\/[^/?#]*/.exec(url)?.[0] ?? 'null';
}
