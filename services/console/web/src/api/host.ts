/** As people write it: without the port that https has anyway. */
export function shownHost(host: string): string {
  return host.replace(/:443$/, "");
}
