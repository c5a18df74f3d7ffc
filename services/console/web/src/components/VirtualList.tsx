import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import styles from "./VirtualList.module.css";

interface Props<Item> {
  items: readonly Item[];
  keyOf: (item: Item) => string;
  /** About how high an item is, with the space behind it, in pixels. */
  height: number;
  /** The last ones are near: more are wanted. */
  onEnd: () => void;
  children: (item: Item) => ReactNode;
}

/** A long list of which only what can be seen, and a little more, is there. */
export function VirtualList<Item>({ items, keyOf, height, onEnd, children }: Props<Item>) {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: items.length, estimateSize: () => height, overscan: 8, scrollMargin: top,
    getItemKey: (place) => keyOf(items[place]!),
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= items.length - 20) onEnd();
  }, [last, items.length, onEnd]);
  return (
    <ul role="list" ref={list} className={styles.list} style={{ blockSize: virtual.getTotalSize() }}>
      {shown.map((one) => (
        <li
          key={one.key} ref={virtual.measureElement} data-index={one.index} className={styles.item}
          aria-setsize={items.length} aria-posinset={one.index + 1}
          style={{ transform: `translateY(${one.start - top}px)` }}
        >
          {children(items[one.index]!)}
        </li>
      ))}
    </ul>
  );
}
