type Search = Record<string, unknown>;

/** `key` names the action whose form for a key of one's own is open. */
export function myConnectionsSearch(search: Search): { key?: string } {
  return only("key", search);
}

/** `action` names the one whose members are listed. */
export function adminConnectionsSearch(search: Search): { action?: string } {
  return only("action", search);
}

function only<Name extends string>(name: Name, search: Search): { [Key in Name]?: string } {
  const value = search[name];
  return (typeof value === "string" && value !== "" ? { [name]: value } : {}) as { [Key in Name]?: string };
}
