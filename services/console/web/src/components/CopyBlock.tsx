import { useState } from "react";
import { useTexts } from "@/texts/use-texts";
import { Button } from "./Button";
import styles from "./CopyBlock.module.css";

/** Lines to copy. */
export function CopyBlock({ text }: { text: string }) {
  const { common } = useTexts();
  const [copied, setCopied] = useState("");
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(text);
  };
  return (
    <div className={styles.block}>
      <pre tabIndex={0}><code>{text}</code></pre>
      <Button onPress={() => void copy()}>{copied === text ? common.copied : common.copy}</Button>
    </div>
  );
}
