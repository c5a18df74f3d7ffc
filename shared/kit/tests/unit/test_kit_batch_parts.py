"""How a batch is cut before it is taken."""

from kit.batches import parts_of


def sizes(*facts_of_messages):
    batch = [(object(), [object()] * count) for count in facts_of_messages]
    return [[len(facts) for _, facts in part] for part in parts_of(batch, 10)]


def test_b21_a_part_holds_so_many_facts_at_most():
    assert sizes(4, 4, 4, 4, 4) == [[4, 4], [4, 4], [4]]


def test_a_message_with_more_than_that_is_a_part_of_its_own():
    assert sizes(1, 48, 1) == [[1], [48], [1]]


def test_a_small_batch_stays_whole():
    assert sizes(1, 2, 3) == [[1, 2, 3]]
