import { useEffect } from "react";
import { buttonClass } from "@/components/Button";
import { useTexts } from "@/texts/use-texts";
import styles from "./Landing.module.css";

/** For whoever is not signed in: what this is, and the way in. */
export function Landing() {
  const texts = useTexts();
  useEffect(() => { document.title = texts.product; }, [texts.product]);
  const here = encodeURIComponent(location.pathname + location.search);
  return (
    <div className={styles.landing}>
      <section className={styles.hero}>
        <h1>{texts.landing.title}</h1>
        <p>{texts.landing.lead}</p>
        <div className={styles.ways}>
          <a href={`/v1/session/sign-in?return_to=${here}`} className={buttonClass("primary")}>{texts.session.signIn}</a>
          <a href="/docs" className={buttonClass("plain")}>{texts.landing.docs}</a>
        </div>
      </section>
      <ul role="list" className={styles.points}>
        {texts.landing.points.map(([title, text]) => (
          <li key={title}><h2>{title}</h2><p>{text}</p></li>
        ))}
      </ul>
    </div>
  );
}
