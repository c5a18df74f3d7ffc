import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { buttonClass } from "@/components/Button";
import { TokenForm } from "@/features/sign-in/TokenForm";
import { useTexts } from "@/texts/use-texts";
import styles from "./Landing.module.css";

/** For whoever is not signed in: what this is, and the ways in. */
export function Landing() {
  const texts = useTexts();
  useEffect(() => { document.title = texts.product; }, [texts.product]);
  const here = encodeURIComponent(location.pathname + location.search);
  return (
    <div className={styles.landing}>
      <div className={styles.top}>
        <section className={styles.hero}>
          <h1>{texts.landing.title}</h1>
          <p>{texts.landing.lead}</p>
          <div className={styles.ways}>
            <a href="/docs" className={buttonClass("plain")}>{texts.landing.docs}</a>
            <Link to="/operator" className={buttonClass("quiet")}>{texts.landing.operators}</Link>
            <a href="/openapi.json" className={buttonClass("quiet")}>{texts.landing.guide}</a>
          </div>
        </section>
        <section className={styles.signIn} aria-labelledby="sign-in">
          <h2 id="sign-in">{texts.session.signIn}</h2>
          <TokenForm />
          <p className={styles.or}>{texts.signIn.or}</p>
          <a href={`/v1/session/sign-in?return_to=${here}`} className={buttonClass("plain")}>
            {texts.signIn.withCompany}
          </a>
          <p className={styles.soft}>{texts.signIn.byLink}</p>
        </section>
      </div>
      <ul role="list" className={styles.points}>
        {texts.landing.points.map(([title, text]) => (
          <li key={title}><h2>{title}</h2><p>{text}</p></li>
        ))}
      </ul>
    </div>
  );
}
