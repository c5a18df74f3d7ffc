from dataclasses import dataclass, field
from uuid import uuid4

from kit.key_ring import KeyUnknown, Place, Sealed, SecretUnreadable
from kit.sealing import Secret

Kept = dict[str, tuple[str, Place, Secret[bytes]]]


@dataclass
class MemoryKeyRing:
    """`KeyRing` without cryptography: what was sealed stays here, under the envelope's name.

    Rings that share `kept` have the same key under the same id. The first id writes.
    """

    key_ids: tuple[str, ...] = ("k1",)
    kept: Kept = field(default_factory=dict)

    @property
    def writing_key(self) -> str:
        return self.key_ids[0]

    @property
    def known_keys(self) -> frozenset[str]:
        return frozenset(self.key_ids)

    async def seal(self, plaintext: Secret[bytes], place: Place) -> Sealed:
        sealed = Sealed(self.writing_key, f"v1|{self.writing_key}|memory|{uuid4().hex}")
        self.kept[sealed.envelope] = (self.writing_key, place, plaintext)
        return sealed

    async def open(self, sealed: Sealed, place: Place) -> Secret[bytes]:
        key_id, written, plaintext = self.kept.get(sealed.envelope, ("", None, None))
        if plaintext is None or key_id != sealed.key_id:
            raise SecretUnreadable
        if key_id not in self.known_keys:
            raise KeyUnknown
        if written != place:
            raise SecretUnreadable
        return plaintext

    async def rewrap(self, sealed: Sealed, place: Place) -> Sealed:
        return await self.seal(await self.open(sealed, place), place)
