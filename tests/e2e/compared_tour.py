"""`openactions demo` on a platform of its own, whose answers are compared with the OpenAPI document
(T18). Run as a process; it ends with 1 where an answer is not as the document says.
"""

from openactions import OpenActions
from openactions_local.commands import walk, walk_on_its_own
from openactions_local.servers import free_port
from tests.e2e.compared_answers import ComparedAnswers


def compared(platform, demo_port):
    """The tour, through a proxy that compares."""
    answers = ComparedAnswers(str(platform._http.base_url).rstrip("/")).start()
    token = platform._http.headers["authorization"].removeprefix("Bearer ")
    try:
        with OpenActions(answers.url, token) as through_the_proxy:
            walk(through_the_proxy, demo_port)
        answers.check()
        print(f"{answers.compared} answers were compared.")
    finally:
        answers.stop()


if __name__ == "__main__":
    walk_on_its_own(free_port(), compared)
