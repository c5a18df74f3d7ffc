/** The domain that somebody means who pastes an address: `https://api.example.org:8443/v1`. */
export function domainOf(text: string): string {
  const pasted = text.trim().toLowerCase();
  const address = /^[a-z][a-z\d+.-]*:\/\//.test(pasted) ? pasted : `https://${pasted}`;
  return URL.canParse(address) ? new URL(address).hostname.replace(/\.$/, "") : pasted;
}

/** Whether it can be a domain, or the address of a host, at all. */
export function isDomain(text: string): boolean {
  return /^(?:(?:\*\.)?[a-z\d_-]+(?:\.[a-z\d_-]+)*|\[[\da-f:.]+\])$/.test(text);
}
