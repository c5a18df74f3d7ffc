DEFAULT_CALLS = 200_000
DEFAULT_KILLS = 60


def pytest_addoption(parser):
    parser.addoption("--calls", type=int, default=DEFAULT_CALLS, help="calls of the long run")
    parser.addoption("--kills", type=int, default=DEFAULT_KILLS, help="kills of the kill loop")
