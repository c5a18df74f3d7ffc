import { useState } from "react";
import { useTexts } from "@/texts/use-texts";
import { Button } from "./Button";
import { Notice } from "./Notice";
import styles from "./ShownOnce.module.css";

interface Props {
  title: string;
  hint: string;
  text: string;
}

/** A token or link that only this answer holds, with a button that copies it. */
export function ShownOnce({ title, hint, text }: Props) {
  const { common } = useTexts();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <Notice kind="success" title={title} hint={hint}>
      <code className={styles.text}>{text}</code>
      <Button onPress={() => void copy()}>{copied ? common.copied : common.copy}</Button>
    </Notice>
  );
}
