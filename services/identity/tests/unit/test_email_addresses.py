"""One spelling of an e-mail address; what is none is refused with a sentence."""

import pytest

from identity_service.domain.email_address import read_email
from identity_service.domain.member_errors import EmailInvalid


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ada@example.com", "ada@example.com"),
        (" Ada.Lovelace+CI@EXAMPLE.com ", "ada.lovelace+ci@example.com"),
        ("o'neill_1@sub.example.co.uk", "o'neill_1@sub.example.co.uk"),
        ("ada@münchen.de", "ada@xn--mnchen-3ya.de"),
        ("ada@intern", "ada@intern"),
        (f"{'a' * 64}@example.com", f"{'a' * 64}@example.com"),
    ],
)
def test_equal_addresses_are_read_as_the_same_text(written, read):
    assert read_email(written) == read
    assert read_email(read) == read


@pytest.mark.parametrize(
    "written",
    [
        *("", "@", "ada", "ada@", "@example.com", "a b@example.com"),
        *("ada@@example.com", ".ada@example.com", "ada.@example.com", "a..b@example.com"),
        *('"ada"@example.com', "Ada <ada@example.com>", "ada@exa mple.com", "ada@-example.com"),
        *("ada@example..com", "ada@example_1.com", "ada\n@example.com", "ada@example.com\x00"),
        *("ädá@example.com", "ada@[127.0.0.1]", "mem_1", f"{'a' * 65}@example.com"),
        *("a" * 100_000, f"{'a.' * 50_000}@example.com", f"a@{'b.' * 50_000}com"),
        f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.com",
    ],
)
def test_what_is_no_address_is_refused(written):
    with pytest.raises(EmailInvalid):
        read_email(written)
