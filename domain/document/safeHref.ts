const SAFE_SCHEMES: ReadonlySet<string> = new Set(['http', 'https', 'mailto', 'tel']);

/**
 * The address a link may have, or `null`: http, https, mailto, tel, or relative. Understands what
 * browsers do to an address before they follow it (control characters and line ends are dropped), so
 * that nothing hides behind them. `www.…` and `//…` become https.
 */
export function safeHref(href: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop these, so they must be dropped before looking
  const address = href.replace(/[\u0000-\u001f\u007f]/g, '').trim();
  if (address === '' || address.length > 2048 || address.includes('\\')) return null;
  const scheme = /^([^/?#]*?):/.exec(address)?.[1];
  if (scheme !== undefined) return SAFE_SCHEMES.has(scheme.toLowerCase()) ? address : null;
  if (address.startsWith('//')) return `https:${address}`;
  return /^www\./i.test(address) ? `https://${address}` : address;
}
