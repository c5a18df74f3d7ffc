import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queries } from "./api/queries";
import { router } from "./routes";
import { preferredTexts, TextsContext } from "./texts/use-texts";
import { applyTheme, rememberedTheme } from "./design/theme";

const texts = await preferredTexts();
document.documentElement.lang = texts.language;
applyTheme(rememberedTheme());

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <TextsContext value={texts}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </TextsContext>
  </StrictMode>,
);
