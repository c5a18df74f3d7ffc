DEFAULT_CALLS = 200_000


def pytest_addoption(parser):
    parser.addoption("--calls", type=int, default=DEFAULT_CALLS, help="calls of the long run")
