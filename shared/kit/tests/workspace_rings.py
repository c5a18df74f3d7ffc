"""Key rings over keys of workspaces, and roots that go away, are destroyed, and count."""

from kit.envelope import EnvelopeKeyRing
from kit.key_ring import KeyServiceUnavailable, KeyUnknown
from kit.workspace_keys import HeldRoot, WorkspaceKeys


class Clock:
    """Of `WorkspaceKeys`, in seconds."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


class ServiceRoot(HeldRoot):
    """`RootKey` as a key service is one: it may be away, or have the key no more."""

    def __init__(self, key):
        super().__init__(key)
        self.is_away = self.is_destroyed = False
        self.opened = 0

    async def wrap(self, key, owner):
        self._answer()
        return await super().wrap(key, owner)

    async def unwrap(self, wrapped, owner):
        self._answer()
        self.opened += 1
        return await super().unwrap(wrapped, owner)

    def _answer(self):
        if self.is_away:
            raise KeyServiceUnavailable
        if self.is_destroyed:
            raise KeyUnknown


def ring_of_workspaces(keys, store, *, per_workspace=True, service="auth"):
    """As a service with these root keys in its settings has one."""
    roots = {key_id: HeldRoot(key) for key_id, key in keys.items()}
    workspaces = WorkspaceKeys(service, store, roots)
    return EnvelopeKeyRing(keys, workspaces, per_workspace=per_workspace)
