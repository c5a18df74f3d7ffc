/** Every text of the console, in English. `de.ts` has the same members; the compiler checks it. */
export const en = {
  language: "en",
  product: "OpenActions",
  common: {
    cancel: "Cancel",
    close: "Close",
    copied: "Copied",
    copy: "Copy",
    loading: "Loading…",
    loadMore: "Show more",
    offline: "You are offline. What you type is kept here and saved once you are back.",
    retry: "Try again",
    search: "Search",
    skip: "Skip to the content",
    traceOf: (id: string) => `For support: ${id}`,
  },
  theme: {
    label: "Appearance",
    system: "As the system",
    light: "Light",
    dark: "Dark",
  },
  session: {
    ended: "Your session ended.",
    endedHint: "Sign in again; what you typed on this page is kept.",
    signIn: "Sign in",
    signOut: "Sign out",
    signOutAtCompany: "Sign out of your company's account, too",
    account: (name: string) => `Account of ${name}`,
  },
  landing: {
    title: "GPT actions, on your own ground",
    lead: "Describe an API with an OpenAPI document, choose how to sign in to it, decide which domains may be called, and let any model call it: governed, and on record.",
    docs: "API reference",
    guide: "OpenAPI document",
    points: [
      ["Paste a schema", "The actions in it are detected while you type; what is wrong is shown where it stands, with a repair."],
      ["Keep the secrets", "Keys are sealed the moment they are entered. Models call the action and never see a credential."],
      ["Stay in charge", "Without an allowed domain no action runs. Every call leaves a record of what was decided, and why."],
    ] as ReadonlyArray<readonly [title: string, text: string]>,
  },
  nav: {
    label: "Main",
    gpts: "GPTs",
    admin: "Admin",
    docs: "API reference",
  },
  gpts: {
    title: "GPTs",
    make: "New GPT",
    makeTitle: "New GPT",
    makeName: "Name",
    makeNameHint: "At most 50 characters; you can change it later.",
    makeIt: "Create",
    searchLabel: "Search GPTs",
    none: "No GPTs yet",
    noneHint: "A GPT is a name, instructions, and the actions that a model may use.",
    noneFound: (q: string) => `No GPT has “${q}” in its name or description.`,
    clearSearch: "Show all GPTs",
    draft: "Draft",
    published: (version: number) => `Published, version ${version}`,
    actions: (count: number) =>
      count === 0 ? "No actions" : count === 1 ? "1 action" : `${count} actions`,
    shared: {
      private: "Private",
      workspace: "Workspace",
      link: "Anyone with the link",
      public: "Public",
    } as Record<string, string>,
  },
  notFound: {
    title: "There is nothing here",
    hint: "The address may have changed, or what it showed was deleted.",
    home: "To the start page",
  },
};

export type Texts = typeof en;
