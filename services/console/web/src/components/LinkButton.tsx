import { Link, type LinkProps } from "react-aria-components";
import { buttonClass, type Kind } from "./Button";

/** A link that looks like a button: it leads somewhere and changes nothing. */
export function LinkButton({ kind = "plain", ...rest }: LinkProps & { kind?: Kind }) {
  return <Link {...rest} className={buttonClass(kind)} />;
}
