type Listener = () => void;

let ended = false;
const listeners = new Set<Listener>();

/** Whether the session that the page began with is refused by now. */
export const sessionEnded = {
  is: (): boolean => ended,
  set(now: boolean): void {
    if (now === ended) return;
    ended = now;
    for (const listener of listeners) listener();
  },
  subscribe(listener: Listener): Listener {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
