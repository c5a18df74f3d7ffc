"""The steps of a call, in their order: resolve, gate, admit, decide, sign, build, send, settle."""
