"""What identity draws is what every service takes for a token."""

from identity_service.adapters.random_token import draw_random_token
from kit.caller import TOKEN


def test_b17_every_drawn_token_passes_the_check_of_its_looks():
    for _ in range(200):
        assert TOKEN.fullmatch(draw_random_token().text)
